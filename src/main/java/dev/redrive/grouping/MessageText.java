package dev.redrive.grouping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes out of a message what differs from record to record and leaves the words somebody wrote. One pass over at most
 * 2,000 chars, no regular expression.
 */
final class MessageText {

    private static final int LOOKED_AT = 2_000;

    /** Wrappers may put this much before the words that count. */
    private static final int LEAD_CHARS = 8_000;

    private static final int KEPT = 500;

    /** What a quoted name stands for when it belongs to the defect and not to the record. */
    private static final Set<String> NAMING = Set.of(
            "constraint",
            "column",
            "columns",
            "table",
            "relation",
            "index",
            "view",
            "sequence",
            "trigger",
            "schema",
            "field",
            "property",
            "parameter",
            "attribute",
            "type",
            "object");
    /** What databases, brokers and decoders append about the one record. */
    private static final String[] TAILS = {
        "\n at [Source",
        "\n  Detail: ",
        "\nDETAIL: ",
        "\n  Hint: ",
        "\n  Where: ",
        "\n  Position: ",
        "\n\n",
        "stacktrace=",
        " (through reference chain: ",
        "\n\tat ",
        " [in thread \"",
        " and defined in "
    };

    private static final String[] LEADS = {"Listener failed; ", "threw exception; ", "nested exception is ", "]; "};

    private final String text;
    private final StringBuilder out = new StringBuilder();
    private final boolean http;
    private int at;
    private String word = "";
    private String wordBefore = "";
    private int afterPlaceholder = -1;

    private MessageText(String text) {
        this.text = text;
        this.http = text.contains("http") || text.contains("HTTP") || text.contains("status");
    }

    /** At most 500 chars, without NUL and line ends; empty where nothing but space was there. */
    static String normalise(String message) {
        String text = essence(message);
        var scanner = new MessageText(text.substring(0, Math.min(text.length(), LOOKED_AT)));
        scanner.scan();
        return StoredText.bounded(scanner.out.toString().strip(), KEPT);
    }

    /** Violations of a validated bean are a set: they come in any order. */
    static String sorted(String normalised) {
        var violations = new ArrayList<>(List.of(normalised.split(", ", -1)));
        Collections.sort(violations);
        return String.join(", ", violations);
    }

    /** Without what wrappers put before the message of their cause, and what libraries append about the record. */
    private static String essence(String message) {
        String text = message.substring(0, Math.min(message.length(), LEAD_CHARS));
        for (String lead : LEADS) {
            int found = text.indexOf(lead);
            text = found >= 0 ? text.substring(found + lead.length()) : text;
        }
        int colon = text.indexOf(": ");
        while (colon > 0 && isExceptionName(text, colon)) {
            text = text.substring(colon + 2);
            colon = text.indexOf(": ");
        }
        int end = text.length();
        for (String tail : TAILS) {
            int found = text.indexOf(tail);
            end = found > 0 ? Math.min(end, found) : end;
        }
        return text.substring(0, end);
    }

    private static boolean isExceptionName(String text, int end) {
        if (!Thrown.isTypeName(text, end) || text.lastIndexOf('.', end - 1) < 0) {
            return false;
        }
        String name = text.substring(0, end);
        return name.endsWith("Exception") || name.endsWith("Error");
    }

    private void scan() {
        while (at < text.length() && out.length() < 2 * KEPT) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c < ' ') {
                space();
                at++;
            } else if (isQuote(c) && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))) {
                quoted(c);
            } else if (startsDocument()) {
                placeholder("‹text›");
                int end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
                at = end > at ? end + 1 : text.length();
            } else if (isSeparator(c)) {
                out.append(c);
                at++;
            } else {
                token();
            }
        }
    }

    private void space() {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
    }

    private boolean startsDocument() {
        return text.startsWith("{\"", at) || text.startsWith("[{", at) || text.startsWith("[\"", at);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`' || c == '“' || c == '‘' || c == '«';
    }

    private static boolean isSeparator(char c) {
        return "()[]{}<>;|=!?\"'`”’»".indexOf(c) >= 0;
    }

    private void quoted(char open) {
        int end = closing(open);
        if (end < 0) {
            out.append(open == '\'' || open == '`' ? '\'' : '"');
            at++;
            return;
        }
        String content = text.substring(at + 1, end);
        boolean key = word.equals("key") && wordBefore.equals("for");
        if ((key || open == '`' && content.indexOf('.') > 0 || NAMING.contains(word)) && isName(content)) {
            out.append('\'').append(content).append('\'');
        } else {
            placeholder("‹text›");
        }
        at = end + 1;
        remember("");
    }

    /** A quoted document holds quotes itself, so it goes on to the last one. */
    private int closing(char open) {
        boolean document = text.startsWith("{", at + 1) || text.startsWith("[", at + 1);
        char close = open == '“' ? '”' : open == '‘' || open == '`' ? '\'' : open == '«' ? '»' : open;
        if (document) {
            int last = Math.max(text.lastIndexOf(close), text.lastIndexOf(open));
            return last > at ? last : -1;
        }
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean closes = c == close || open == '`' && c == '`';
            if (closes && (i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1)))) {
                return i;
            }
        }
        return -1;
    }

    /** An identifier, possibly dotted, without a longer run of digits. */
    private static boolean isName(String content) {
        if (content.isEmpty() || content.length() > 120 || Character.isDigit(content.charAt(0))) {
            return false;
        }
        int digits = 0;
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            digits = Character.isDigit(c) ? digits + 1 : 0;
            if (digits > 3 || !Character.isLetterOrDigit(c) && "._$-<>[]".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private void token() {
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && !isSeparator(text.charAt(at))) {
            boolean listComma =
                    text.charAt(at) == ',' && !(at + 1 < text.length() && Character.isDigit(text.charAt(at + 1)));
            at++;
            if (listComma) {
                break;
            }
        }
        int end = at;
        while (end > start && ".,:".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String core = text.substring(start, end);
        String shown = core.isEmpty() ? "" : shown(core, end);
        if (shown.startsWith("‹")) {
            placeholder(shown);
        } else {
            out.append(shown);
        }
        out.append(text, end, at);
        remember(core);
    }

    private String shown(String core, int end) {
        if (word.equals("constant") && wordBefore.equals("enum")) {
            return core.substring(0, core.lastIndexOf('.') + 1) + "‹code›";
        }
        return TokenKind.show(core, status(core, end), out.isEmpty(), word);
    }

    private void remember(String next) {
        wordBefore = word;
        word = next.toLowerCase(Locale.ROOT);
    }

    /** Three digits that say how an HTTP request ended. */
    private boolean status(String core, int end) {
        if (core.length() != 3 || TraceText.digits(core, 0) != 3 || core.charAt(0) < '1' || core.charAt(0) > '5') {
            return false;
        }
        return MessageFacts.announcesStatus(word)
                || http && core.charAt(0) >= '4'
                || MessageFacts.followedByReason(text, end);
    }

    /** Several values in a row are one: a list's length is no difference. */
    private void placeholder(String name) {
        if (afterPlaceholder >= 0 && out.lastIndexOf(name) == afterPlaceholder - name.length()) {
            for (int i = afterPlaceholder; ; i++) {
                if (i == out.length()) {
                    out.setLength(afterPlaceholder);
                    return;
                }
                if (" ,/-:".indexOf(out.charAt(i)) < 0) {
                    break;
                }
            }
        }
        out.append(name);
        afterPlaceholder = out.length();
    }
}
