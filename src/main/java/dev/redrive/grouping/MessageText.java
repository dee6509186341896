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

    /** Of a currency or a country: {@code currency code EUR} is a value like {@code currency code 978}. */
    private static final int LISTED_CODE = 3;

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
            "fields",
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

    private static final String OF_TYPE = "(type ";

    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private String word = "";
    private String wordBefore = "";
    private int brackets;
    private boolean expecting;
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
            if (Word.isSpace(c)) {
                space();
                at++;
            } else if (Quotes.open(text, at)) {
                quoted(c);
            } else if (startsDocument()) {
                document();
            } else if (Word.isMark(c) && Address.end(text, at) == at) {
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
        return text.startsWith("{\"", at) || text.startsWith("[{", at) || text.startsWith("[\"", at) || emptyDocument();
    }

    /** Without members, and standing as a word. */
    private boolean emptyDocument() {
        boolean word = at == 0 || Word.isSpace(text.charAt(at - 1));
        return word && (text.startsWith("{}", at) || text.startsWith("[]", at));
    }

    private void document() {
        int last = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
        int end = emptyDocument() ? at + 2 : last > at ? last + 1 : text.length();
        placeholder("‹text›");
        at = end;
    }

    private void quoted(char open) {
        int end = Quotes.closing(text, at);
        if (end < 0 || told()) {
            out.append(open == '\'' || open == '`' ? '\'' : '"');
            at++;
            return;
        }
        String content = text.substring(at + 1, end);
        if (TraceText.digits(content, 0) == 3 && HttpStatus.followedByReason(content, 3, true)) {
            out.append(content);
        } else if (named(open, content, end)) {
            out.append('\'').append(object(content)).append('\'');
        } else if (Quotes.refused(text, content, end)) {
            out.append('\'').append(MessageFacts.withoutDigits(content)).append('\'');
        } else {
            placeholder("‹text›");
        }
        at = end + 1;
        remember("");
    }

    /** Quoted words of a cause: {@code message='E11000 …'}, {@code desc = "transport: …"}. */
    private boolean told() {
        int before = at - 1;
        while (before > 0 && text.charAt(before) == ' ') {
            before--;
        }
        return before > 0 && text.charAt(before) == '=' && (word.equals("message") || word.equals("desc"));
    }

    /** Whether the quoted text is a name that belongs to the defect. */
    private boolean named(char open, String content, int end) {
        boolean key = word.equals("key") && wordBefore.equals("for");
        boolean validated = word.equals("for") && wordBefore.equals("validation")
                || word.equals("name") && wordBefore.equals("serial");
        boolean qualified = Quotes.qualified(text, at, end) || open == '`' && content.indexOf('.') > 0;
        boolean name = key || validated || qualified || NAMING.contains(word) || Quotes.namedBehind(text, end);
        return name && Quotes.isName(object(content));
    }

    private String object(String content) {
        return DATABASE_OBJECT.contains(word) ? Quotes.firstWord(content) : content;
    }

    private void token() {
        int value = expecting ? Received.end(text, at, word, wordBefore) : at;
        value = value > at ? value : ProperName.end(text, at);
        value = value > at || !enclosedValue() ? value : Word.end(text, at);
        if (value > at) {
            placeholder("‹text›");
            at = value;
            remember("");
        } else {
            word(at);
        }
    }

    private void word(int start) {
        at = Word.end(text, start);
        int end = at;
        while (end > start && ".,:".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String core = text.substring(start, end);
        end = Calendar.ordinal(text, start, end) ? at : end;
        int mark = Unit.mark(core);
        String shown = mark == 0
                ? ""
                : HostName.isOne(text, start, end, word) ? "‹host›" : shown(core.substring(0, mark), start + mark);
        if (shown.startsWith("‹")) {
            placeholder(shown);
        } else {
            out.append(shown);
        }
        out.append(mark < core.length() ? " " : "")
                .append(core, mark, core.length())
                .append(text, end, at);
        at = end == at && mark > 0 && Character.isDigit(text.charAt(at - 1)) ? Unit.end(text, at) : at;
        remember(core);
    }

    /**
     * {@code value (yesterday) does not match}: what the brackets behind the word hold, be it a word itself; and the
     * type of a value behind it, {@code for value "twelve" (type string)}.
     */
    private boolean enclosedValue() {
        int end = Word.end(text, at);
        boolean opened = at > 0 && "([".indexOf(text.charAt(at - 1)) >= 0 && word.equals("value");
        boolean closed = end < text.length() && ")]".indexOf(text.charAt(end)) >= 0;
        return closed && (opened || text.startsWith(OF_TYPE, at - OF_TYPE.length()) && afterValue(OF_TYPE));
    }

    /** Whether the text before is a value and what follows it. */
    private boolean afterValue(String following) {
        int value = out.length() - following.length() - 1;
        return value > 0 && out.charAt(value) == ' ' && out.charAt(value - 1) == '›';
    }

    private String shown(String core, int end) {
        if (word.equals("unmarshal") && wordBefore.equals("cannot")) {
            return "‹text›";
        }
        if (word.equals("constant") && wordBefore.equals("enum")) {
            return core.substring(0, core.lastIndexOf('.') + 1) + "‹code›";
        }
        boolean named =
                (word.equals("constraint") || word.equals("index")) && core.indexOf('_') > 0 && Quotes.isName(core);
        if (named) {
            return core;
        }
        if (Calendar.names(text, core, end, out)) {
            return "‹time›";
        }
        boolean status = HttpStatus.isOne(text, core, end, word, wordBefore);
        boolean listed =
                core.length() <= LISTED_CODE && word.equals("code") && !HttpStatus.CODE_OF.contains(wordBefore);
        return TokenKind.show(core, status, out.isEmpty(), listed ? "" : word);
    }

    private void remember(String next) {
        wordBefore = word;
        word = next.toLowerCase(Locale.ROOT);
        expecting |= Received.expecting(word);
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
