package dev.redrive.grouping;

/** A trace that somebody squeezed into one line: with its line ends escaped as JSON does it, or made into spaces. */
final class FlatTrace {

    private static final int LOOKED_AT = 256 * 1024;

    /** A class and its method are shorter. */
    private static final int CALL_CHARS = 300;

    private FlatTrace() {}

    /** With its lines; the text itself where it has lines, or is no such trace. */
    static String unfolded(String trace) {
        int newline = trace.indexOf('\n');
        if (newline >= 0 && newline + 1 < trace.length()) {
            return trace;
        }
        String text = trace.substring(0, Math.min(trace.length(), LOOKED_AT));
        if (text.contains("\\n\\t") || text.contains("\\n  ")) {
            return text.replace("\\r\\n", "\n")
                    .replace("\\n", "\n")
                    .replace("\\t", "\t")
                    .replace("\\\"", "\"");
        }
        String broken = broken(text);
        return broken.isEmpty() ? trace : broken;
    }

    /** Java only, whose calls are told from words; empty where fewer than two are there. */
    private static String broken(String text) {
        var lines = new StringBuilder();
        int calls = 0;
        int from = 0;
        int at = text.indexOf(" at ");
        while (at >= 0) {
            if (isCall(text, at + 4)) {
                lines.append(text, from, at).append("\n\tat ");
                from = at + 4;
                calls++;
            }
            at = text.indexOf(" at ", at + 3);
        }
        lines.append(text, from, text.length());
        return calls < 2
                ? ""
                : lines.toString()
                        .replace(") Caused by: ", ")\nCaused by: ")
                        .replace(" more Caused by: ", " more\nCaused by: ")
                        .replace(") ... ", ")\n\t... ");
    }

    /** {@code com.acme.Order.price(}: names and dots up to a parenthesis. */
    private static boolean isCall(String text, int start) {
        boolean dotted = false;
        for (int i = start; i < text.length() && i - start < CALL_CHARS; i++) {
            char c = text.charAt(i);
            if (c == '(') {
                return dotted;
            }
            if (!Character.isJavaIdentifierPart(c) && "./<>-@".indexOf(c) < 0) {
                return false;
            }
            dotted |= c == '.';
        }
        return false;
    }
}
