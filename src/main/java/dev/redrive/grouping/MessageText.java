package dev.redrive.grouping;

import java.util.Locale;
import java.util.Set;

/**
 * Takes out of a message what differs from record to record and leaves the words somebody wrote. One pass over at most
 * 2,000 chars, no regular expression.
 */
final class MessageText {

    private static final int LOOKED_AT = 2_000;

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
            "object",
            "violation",
            "statuscode",
            "sqlstate",
            "errorcode");
    /** Behind these the quoted text begins with a name, and more about it may follow. */
    private static final Set<String> DATABASE_OBJECT = Set.of("constraint", "column", "table", "index", "violation");

    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private String word = "";
    private String wordBefore = "";
    private int brackets;
    private int afterPlaceholder = -1;

    private MessageText(String text) {
        this.text = text;
    }

    /** At most 500 chars, without NUL and line ends; empty where nothing but space was there. */
    static String normalise(String message) {
        String text = Essence.of(message);
        var scanner = new MessageText(text.substring(0, Math.min(text.length(), LOOKED_AT)));
        scanner.scan();
        return StoredText.bounded(scanner.out.toString().strip(), KEPT);
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
                brackets += "([{<".indexOf(c) >= 0 ? 1 : ")]}>".indexOf(c) >= 0 ? -1 : 0;
                at++;
                printed(c);
            } else {
                token();
            }
        }
    }

    /** A member of an object that was printed, {@code Order[id=17, buyer=Ada Lovelace]}, is a value whatever it says. */
    private void printed(char separator) {
        int end = separator == '=' && brackets > 0 ? PrintedObject.valueEnd(text, at, word) : at;
        if (end > at) {
            String value = text.substring(at, end);
            String shown = value.indexOf(' ') < 0 ? TokenKind.show(value, false, false, word) : "";
            placeholder(shown.startsWith("‹") && shown.endsWith("›") ? shown : "‹text›");
            at = end;
            remember("");
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
        boolean told = word.equals("message") && at > 0 && text.charAt(at - 1) == '=';
        if (end < 0 || told) {
            out.append(open == '\'' || open == '`' ? '\'' : '"');
            at++;
            return;
        }
        String content = text.substring(at + 1, end);
        if (TraceText.digits(content, 0) == 3 && HttpStatus.followedByReason(content, 3, true)) {
            out.append(content);
            at = end + 1;
            remember("");
            return;
        }
        boolean key = word.equals("key") && wordBefore.equals("for");
        String object = DATABASE_OBJECT.contains(word) ? firstWord(content) : content;
        if ((key || open == '`' && content.indexOf('.') > 0 || NAMING.contains(word) || qualified(end))
                && isName(object)) {
            out.append('\'').append(object).append('\'');
        } else {
            placeholder("‹text›");
        }
        at = end + 1;
        remember("");
    }

    /** H2 and others quote the name of a constraint together with its columns or the column with its type. */
    private static String firstWord(String content) {
        int space = content.indexOf(' ');
        String first = space < 0 ? content : content.substring(0, space);
        return first.endsWith(":") ? first.substring(0, first.length() - 1) : first;
    }

    /** Whether the text quoted up to {@code end} is part of {@code "SHOP"."ORDERS"."TOTAL"}. */
    private boolean qualified(int end) {
        return text.startsWith(".\"", end + 1) || at >= 2 && text.startsWith("\".\"", at - 2);
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
        if (word.equals("unmarshal") && wordBefore.equals("cannot")) {
            return "‹text›";
        }
        if (word.equals("constant") && wordBefore.equals("enum")) {
            return core.substring(0, core.lastIndexOf('.') + 1) + "‹code›";
        }
        boolean named = (word.equals("constraint") || word.equals("index")) && core.indexOf('_') > 0 && isName(core);
        if (named) {
            return core;
        }
        if (Calendar.names(text, core, end, out)) {
            return "‹time›";
        }
        boolean status = HttpStatus.isOne(text, core, end, word, wordBefore);
        return TokenKind.show(core, status, out.isEmpty(), word);
    }

    private void remember(String next) {
        wordBefore = word;
        word = next.toLowerCase(Locale.ROOT);
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
