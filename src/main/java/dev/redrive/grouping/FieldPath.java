package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;

import org.jspecify.annotations.Nullable;

/** A place in a document as validators write it, with the places in its lists: with dots, or as a JSON Pointer. */
final class FieldPath {

    /** A list is not longer; a longer number between slashes is an id in a URL. */
    private static final int POINTED_DIGITS = 3;

    private FieldPath() {}

    /** {@code lines.0.amount} is a field of any line; null for what is no path of names and places. */
    static @Nullable String of(String word) {
        boolean pointer = word.indexOf('/') >= 0;
        String separator = pointer ? "/" : ".";
        var path = new StringBuilder();
        int places = 0;
        for (String part : word.split(pointer ? "/" : "\\.", -1)) {
            boolean place = digits(part, 0) == part.length() && (!pointer || part.length() <= POINTED_DIGITS);
            boolean root = pointer && path.isEmpty() && part.equals("#");
            if (part.isEmpty() || place && path.isEmpty() || !place && !root && !isIdentifier(part)) {
                return null;
            }
            places += place ? 1 : 0;
            path.append(path.isEmpty() ? "" : separator).append(place ? "‹n›" : part);
        }
        boolean field = !path.toString().endsWith("›") || word.startsWith("#");
        return places > 0 && field ? path.toString() : null;
    }

    private static boolean isIdentifier(String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_')) {
                return false;
            }
        }
        return Character.isLowerCase(part.charAt(0));
    }
}
