package dev.redrive.grouping;

/** Quoted text within a message, in the quotation marks of several languages. */
final class Quotes {

    private static final String OPENING = "\"'`“‘«„‚「";

    private static final String[] NAMING = {" tag", " field", " property", " column", " parameter", " constraint"};
    private static final String[] REFUSALS = {" is required", " must be ", " must not be ", " is not allowed"};

    private Quotes() {}

    /** Whether the char opens a quotation: an apostrophe within a word does not. */
    static boolean open(String text, int at) {
        return OPENING.indexOf(text.charAt(at)) >= 0 && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
    }

    /** Where the text quoted at {@code at} ends, or -1. A quoted document holds quotes itself: it goes to the last one. */
    static int closing(String text, int at) {
        String closing = closing(text.charAt(at));
        if (text.startsWith("{", at + 1) || text.startsWith("[", at + 1)) {
            int last = text.lastIndexOf(text.charAt(at));
            for (int i = 0; i < closing.length(); i++) {
                last = Math.max(last, text.lastIndexOf(closing.charAt(i)));
            }
            return last > at ? last : -1;
        }
        for (int i = at + 1; i < text.length(); i++) {
            boolean closes = closing.indexOf(text.charAt(i)) >= 0;
            if (closes && (i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1)))) {
                return i;
            }
        }
        return -1;
    }

    private static String closing(char open) {
        return switch (open) {
            case '“' -> "”";
            case '„' -> "“”";
            case '‘' -> "’";
            case '‚' -> "‘’";
            case '«' -> "»";
            case '「' -> "」";
            case '`' -> "'`";
            default -> String.valueOf(open);
        };
    }

    /** H2 and others quote the name of a constraint together with its columns or the column with its type. */
    static String firstWord(String content) {
        int space = content.indexOf(' ');
        String first = space < 0 ? content : content.substring(0, space);
        return first.endsWith(":") ? first.substring(0, first.length() - 1) : first;
    }

    /** Whether the text quoted from {@code at} to {@code end} is part of {@code "SHOP"."ORDERS"."TOTAL"}. */
    static boolean qualified(String text, int at, int end) {
        return text.startsWith(".\"", end + 1) || at >= 2 && text.startsWith("\".\"", at - 2);
    }

    /** Whether the word behind the quotation says that a name was quoted: {@code on the 'gt' tag}. */
    static boolean namedBehind(String text, int end) {
        return startsWith(text, end + 1, NAMING);
    }

    /** A validator's words begin with the property that it refuses: {@code "lines[0].amount" is required}. */
    static boolean refused(String text, String content, int end) {
        boolean first = text.startsWith(content, 1) || text.startsWith(". ", end - content.length() - 3);
        return first
                && isName(content)
                && Character.isLowerCase(content.charAt(0))
                && content.length() > 1
                && startsWith(text, end + 1, REFUSALS);
    }

    private static boolean startsWith(String text, int at, String[] beginnings) {
        for (String beginning : beginnings) {
            if (text.startsWith(beginning, at)) {
                return true;
            }
        }
        return false;
    }

    /** An identifier, possibly dotted, without a longer run of digits. */
    static boolean isName(String content) {
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
}
