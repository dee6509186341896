package dev.redrive.grouping;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exception of a stack trace.
 *
 * @param type class as printed, with its package where the language prints it; null where the trace names none
 * @param message as printed, possibly of several lines; empty where there is none
 * @param frames innermost first
 */
record Thrown(@Nullable String type, String message, List<Frame> frames) {

    Thrown {
        frames = List.copyOf(frames);
    }

    /** Splits {@code Class: message}; a text that does not begin with a class name is all message. */
    static Thrown of(String header, List<Frame> frames) {
        int colon = header.indexOf(": ");
        String first = firstLine(header);
        int end = colon > 0 ? typeEnd(header, colon) : 0;
        if (end > 0) {
            return new Thrown(header.substring(0, end), header.substring(colon + 2), frames);
        }
        String bare = first.endsWith(":") ? first.substring(0, first.length() - 1) : first;
        end = typeEnd(bare, bare.length());
        if (end > 0) {
            String rest = header.substring(first.length()).strip();
            return new Thrown(bare.substring(0, end), rest.isEmpty() ? code(bare.substring(end)) : rest, frames);
        }
        return new Thrown(null, header, frames);
    }

    /** Where the class ends in {@code a.SocketException (111)} and in {@code TypeError [ERR_INVALID_URL]}; 0 if none. */
    private static int typeEnd(String text, int to) {
        boolean coded = to > 0 && (text.charAt(to - 1) == ')' || text.charAt(to - 1) == ']');
        int open = coded ? text.lastIndexOf(text.charAt(to - 1) == ')' ? " (" : " [", to - 1) : to;
        for (int i = open + 2; i < to - 1; i++) {
            char c = text.charAt(i);
            boolean mark = Character.isUpperCase(c) || c >= '0' && c <= '9' || "_x-, ".indexOf(c) >= 0;
            open = mark || Character.digit(c, 16) >= 0 ? open : 0;
        }
        return isTypeName(text, open) ? open : 0;
    }

    /** What an exception without words says: {@code AggregateError [ECONNREFUSED]}. */
    private static String code(String suffix) {
        return suffix.isEmpty() ? "" : suffix.substring(2, suffix.length() - 1);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    /** Letters, digits and {@code . $ _ : \ * /}: {@code java.lang.Error}, {@code JSON::ParserError}, {@code *fmt.wrapError}. */
    static boolean isTypeName(String text, int end) {
        if (end <= 0 || end > 300) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean mark =
                    c == '.' || c == '$' || c == '_' || c == ':' || c == '\\' || c == '*' || c == '/' || c == '-';
            if (!Character.isLetterOrDigit(c) && !mark) {
                return false;
            }
        }
        return Character.isLetter(text.charAt(0)) || text.charAt(0) == '*' || text.charAt(0) == '_';
    }
}
