package dev.redrive.grouping;

/** Where a word of a message ends: at a space or a mark, but not within a URL, an address or a number. */
final class Word {

    private static final String MARKS = "()[]{}<>;|=!?\"'`”’»」";
    /** A URL and a path go on behind these. */
    private static final String QUERY = "?=";

    private static final int ENCODED_CHARS = 16;

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
            int address = Address.end(text, at);
            if (address > at) {
                at = address;
                continue;
            }
            if (isMark(c) && !(url && QUERY.indexOf(c) >= 0) && !groups(text, at)) {
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

    /** Between the thousands of {@code 1'234.50}. */
    private static boolean groups(String text, int at) {
        char c = text.charAt(at);
        return (c == '\'' || c == '’') && isDigit(text, at - 1) && isDigit(text, at + 1);
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
