package dev.redrive.filter;

/**
 * A text and a place in it. Knows the characters that end a word; the same lists are in ui/src/filter. Reading beyond
 * the end gives {@link #END}, which no accepted text holds.
 */
final class Cursor {

    static final char END = '\0';

    private final String text;
    private int at;

    /** @throws FilterException where the text holds what no filter may hold */
    Cursor(String text) {
        this.text = text;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && !isSpace(c) || c == '\u007f') {
                throw new FilterException(i, "A filter holds no control characters");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new FilterException(i, "A filter holds no half characters");
                }
                i++;
            }
        }
    }

    /** Also the space that does not break, because chats and wikis put it into what is copied from them. */
    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u00a0';
    }

    int at() {
        return at;
    }

    void back(int to) {
        at = to;
    }

    boolean isAtEnd() {
        return at >= text.length();
    }

    char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    boolean accept(char expected) {
        if (!isAtEnd() && peek() == expected) {
            at++;
            return true;
        }
        return false;
    }

    void skipSpace() {
        while (!isAtEnd() && isSpace(peek())) {
            at++;
        }
    }

    String since(int from) {
        return text.substring(from, at);
    }

    String between(int from, int to) {
        return text.substring(from, to);
    }

    /** Letters, digits, {@code _} and {@code -}, beginning with a letter; may be empty. */
    String identifier() {
        int from = at;
        while (isLetter(peek()) || at > from && (isDigit(peek()) || peek() == '_' || peek() == '-')) {
            at++;
        }
        return since(from);
    }

    static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Up to a space, a quote or a parenthesis; up to a comma as well, where it parts values. */
    String bare(boolean commaEnds) {
        int from = at;
        while (!isAtEnd() && !isSpace(peek()) && "\"()".indexOf(peek()) < 0 && !(commaEnds && peek() == ',')) {
            at++;
        }
        return since(from);
    }

    /** A text in quotes, which stands here; {@code \"} and {@code \\} mean the second character. */
    String quoted() {
        int from = at++;
        var value = new StringBuilder();
        while (peek() != '"' || isAtEnd()) {
            if (isAtEnd()) {
                throw new FilterException(from, text.length(), "The quote is not closed", null);
            }
            if (peek() == '\\') {
                at++;
                if (peek() != '"' && peek() != '\\') {
                    throw new FilterException(at - 1, "A backslash stands before a quote or a backslash only");
                }
            }
            value.append(peek());
            at++;
        }
        at++;
        return value.toString();
    }
}
