package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;

import org.jspecify.annotations.Nullable;

/** A place in a document as validators write it, with the places in its lists. */
final class FieldPath {

    private FieldPath() {}

    /** {@code lines.0.amount} is a field of any line; null for what is no path of names and places. */
    static @Nullable String of(String word) {
        var path = new StringBuilder();
        int places = 0;
        for (String part : word.split("\\.", -1)) {
            boolean place = digits(part, 0) == part.length();
            if (part.isEmpty() || place && path.isEmpty() || !place && !isIdentifier(part)) {
                return null;
            }
            places += place ? 1 : 0;
            path.append(path.isEmpty() ? "" : ".").append(place ? "‹n›" : part);
        }
        return places > 0 && !path.toString().endsWith("›") ? path.toString() : null;
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
