package dev.redrive.grouping;

/** Bounds for texts that are stored and shown. */
final class StoredText {

    private StoredText() {}

    /** At most {@code chars} long, without control characters, and never cut through a surrogate pair. */
    static String bounded(String text, int chars) {
        int end = Math.min(text.length(), chars);
        if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        var clean = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean lone =
                    Character.isHighSurrogate(c) && !(i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1)))
                            || Character.isLowSurrogate(c) && !(i > 0 && Character.isHighSurrogate(text.charAt(i - 1)));
            clean.append(lone ? '\uFFFD' : Character.isISOControl(c) ? ' ' : c);
        }
        return clean.toString();
    }
}
