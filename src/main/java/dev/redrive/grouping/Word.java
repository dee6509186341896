package dev.redrive.grouping;

/** Where a word of a message ends: at a space or a mark, but not within a URL, an address or a number. */
final class Word {

    private static final String MARKS = "()[]{}<>;|=!?\"'`”’»」";
    /** A URL and a path go on behind these. */
    private static final String QUERY = "?=";

    private static final int ENCODED_CHARS = 16;
    private static final int ZONE_CHARS = 40;
    private static final int MAILBOX_CHARS = 64;
    private static final int CONTRACTED = 3;

    private Word() {}

    static boolean isMark(char c) {
        return MARKS.indexOf(c) >= 0;
    }

    /** Also the space that does not break, which some languages put between the digits of a number. */
    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c < ' ';
    }

    /** Behind the word that begins at {@code start}, which is no space and no mark, or opens an address. */
    static int end(String text, int start) {
        boolean url = text.charAt(start) == '/';
        int at = start;
        while (at < text.length() && !isSpace(text.charAt(at))) {
            char c = text.charAt(at);
            int address = isDigit(text, start) ? zone(text, at) : Address.end(text, at);
            if (address > at) {
                at = address;
                continue;
            }
            boolean within = groups(text, at) || inMailbox(text, at) || contracts(text, start, at);
            if (isMark(c) && !(url && QUERY.indexOf(c) >= 0) && !within) {
                break;
            }
            url |= text.startsWith("://", at);
            at++;
            if (c == ',' && !isDigit(text, at)) {
                break;
            }
        }
        return padded(text, start, at);
    }

    /** Behind the zone of {@code 2024-06-01T02:00+02:00[Europe/Berlin]}; {@code at} where none begins. */
    private static int zone(String text, int at) {
        int i = text.charAt(at) == '[' ? at + 1 : at;
        while (i > at && i < text.length() && i - at < ZONE_CHARS && isZone(text.charAt(i))) {
            i++;
        }
        return i > at + 1 && i < text.length() && text.charAt(i) == ']' ? i + 1 : at;
    }

    private static boolean isZone(char c) {
        return Character.isLetter(c) || c == '/' || c == '_';
    }

    /** Between the thousands of {@code 1'234.50}. */
    private static boolean groups(String text, int at) {
        char c = text.charAt(at);
        return (c == '\'' || c == '’') && isDigit(text, at - 1) && isDigit(text, at + 1);
    }

    /** In {@code can't} and {@code field's}: the rest of the word is one or two letters. */
    private static boolean contracts(String text, int start, int at) {
        char c = text.charAt(at);
        int end = at + 1;
        while (isLetter(text, end) && end - at <= CONTRACTED) {
            end++;
        }
        boolean rest = end > at + 1 && end - at <= CONTRACTED && !isDigit(text, end) && end < text.length();
        return (c == '\'' || c == '’') && at > start && isLetter(text, at - 1) && rest && text.charAt(end) == ' ';
    }

    /** Within the name before an {@code @}: {@code o'neil@example.org}. */
    private static boolean inMailbox(String text, int at) {
        boolean within = text.charAt(at) == '\'' && isLetter(text, at - 1) && isLetter(text, at + 1);
        int i = at + 1;
        while (within && i < text.length() && i - at < MAILBOX_CHARS && !isSpace(text.charAt(i))) {
            if (text.charAt(i) == '@') {
                return true;
            }
            i++;
        }
        return false;
    }

    private static boolean isLetter(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLetter(text.charAt(at));
    }

    /** Behind the {@code =} that fill up a text in base64. */
    private static int padded(String text, int start, int end) {
        int at = end;
        while (at - end < 2 && at < text.length() && text.charAt(at) == '=') {
            at++;
        }
        boolean filled = at > end
                && end - start >= ENCODED_CHARS
                && (at == text.length() || !Character.isLetterOrDigit(text.charAt(at)));
        return filled ? at : end;
    }

    private static boolean isDigit(String text, int at) {
        return at >= 0 && at < text.length() && Character.isDigit(text.charAt(at));
    }
}
