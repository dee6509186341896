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
        if (colon > 0 && isTypeName(header, colon)) {
            return new Thrown(header.substring(0, colon), header.substring(colon + 2), frames);
        }
        String bare = first.endsWith(":") ? first.substring(0, first.length() - 1) : first;
        if (isTypeName(bare, bare.length())) {
            return new Thrown(bare, header.substring(first.length()).strip(), frames);
        }
        return new Thrown(null, header, frames);
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
