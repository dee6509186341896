package dev.redrive.grouping;

import java.util.ArrayList;
import java.util.List;

/** The lines of a stack trace that are looked at: its beginning and, of a very long one, its end. */
final class TraceText {

    /** A trace without its middle still tells who called and, at the end, what the root cause was. */
    private static final int HEAD_CHARS = 192 * 1024;

    private static final int TAIL_CHARS = 64 * 1024;
    private static final int LINE_CHARS = 2_000;

    private TraceText() {}

    /** Lines without line ends, each cut at 2,000 chars; at most 256 Ki chars in all. */
    static List<String> lines(String text) {
        String trace = FlatTrace.unfolded(text);
        var lines = new ArrayList<String>();
        if (trace.length() <= HEAD_CHARS + TAIL_CHARS) {
            split(trace, 0, trace.length(), lines);
        } else {
            split(trace, 0, HEAD_CHARS, lines);
            split(trace, trace.length() - TAIL_CHARS, trace.length(), lines);
        }
        return lines;
    }

    private static void split(String text, int from, int to, List<String> lines) {
        int start = from;
        while (start < to) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 || newline > to ? to : newline;
            int stop = end > start && text.charAt(end - 1) == '\r' ? end - 1 : end;
            lines.add(text.substring(start, Math.min(stop, start + LINE_CHARS)));
            start = end + 1;
        }
    }

    /** Number of leading spaces and tabs. */
    static int indent(String line) {
        int i = 0;
        while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == '\t')) {
            i++;
        }
        return i;
    }

    /** File name without directories and extension: {@code /srv/app/orders.py} is {@code orders}. */
    static String stem(String path) {
        int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        String file = path.substring(slash + 1);
        int dot = file.lastIndexOf('.');
        return dot <= 0 ? file : file.substring(0, dot);
    }

    /** Length of the run of ASCII digits at {@code from}. */
    static int digits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i - from;
    }
}
