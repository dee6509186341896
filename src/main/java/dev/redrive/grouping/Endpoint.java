package dev.redrive.grouping;

import org.jspecify.annotations.Nullable;

/** What an HTTP client called, without host and ids: {@code http://10.0.0.7:80/v1/orders/17/lines} is {@code orders/lines}. */
final class Endpoint {

    private static final int LOOKED_AT = 2_000;
    private static final int SEGMENTS = 6;

    private Endpoint() {}

    /** Null where the message holds no URL, or one whose path has no fixed part. */
    static @Nullable String in(String message) {
        String text = message.substring(0, Math.min(message.length(), LOOKED_AT));
        int scheme = text.indexOf("://");
        int path = scheme < 0 ? -1 : text.indexOf('/', scheme + 3);
        if (path < 0 || !text.startsWith("http", scheme < 5 ? 0 : scheme - (text.charAt(scheme - 1) == 's' ? 5 : 4))) {
            return null;
        }
        var endpoint = new StringBuilder();
        int segments = 0;
        int start = path;
        while (start < text.length() && text.charAt(start) == '/' && segments < SEGMENTS) {
            int end = start + 1;
            while (end < text.length() && isPath(text.charAt(end))) {
                end++;
            }
            if (isWord(text, start + 1, end)) {
                endpoint.append(endpoint.isEmpty() ? "" : "/").append(text, start + 1, end);
                segments++;
            }
            start = end;
        }
        return endpoint.isEmpty() ? null : endpoint.toString();
    }

    private static boolean isPath(char c) {
        return Character.isLetterOrDigit(c) || "-_.~%@+,=:".indexOf(c) >= 0;
    }

    /** Lower case as developers write paths; a segment with digits or capitals is a value of the record. */
    private static boolean isWord(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z') && c != '-' && c != '_') {
                return false;
            }
        }
        return to > from + 1;
    }
}
