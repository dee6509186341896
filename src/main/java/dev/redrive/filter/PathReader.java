package dev.redrive.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads what stands between {@code header.} or {@code payload.} and the colon. A header's name is taken whole; a
 * payload path is names parted by dots, with places in arrays as {@code [0]}. Names with other characters are quoted.
 */
public final class PathReader {

    private static final int MOST_SEGMENTS = 20;

    private final Cursor cursor;

    PathReader(Cursor cursor) {
        this.cursor = cursor;
    }

    /**
     * @param path of a {@link Filter.Match} of {@link Field#PAYLOAD}
     * @return the names, with places in arrays as digits, such as {@code [items, 0, sku]}
     */
    public static List<String> segments(String path) {
        return new PathReader(new Cursor(path)).segments();
    }

    /** @return in the one way of writing it */
    String read(Field field) {
        int from = cursor.at();
        if (field == Field.HEADER) {
            return name(from, true);
        }
        segments();
        return cursor.since(from);
    }

    private List<String> segments() {
        int from = cursor.at();
        var segments = new ArrayList<String>();
        do {
            segments.add(name(from, false));
            while (cursor.accept('[')) {
                segments.add(place());
            }
            if (segments.size() > MOST_SEGMENTS) {
                throw new FilterException(from, cursor.at(), "A path has at most " + MOST_SEGMENTS + " names", null);
            }
        } while (cursor.accept('.'));
        return segments;
    }

    private String name(int from, boolean withDots) {
        int start = cursor.at();
        if (cursor.peek() == '"') {
            var quoted = cursor.quoted();
            if (!quoted.isEmpty()) {
                return quoted;
            }
        } else {
            while (isPlain(cursor.peek()) || withDots && cursor.peek() == '.') {
                cursor.accept(cursor.peek());
            }
        }
        var name = cursor.since(start);
        if (name.isEmpty() || name.equals("\"\"")) {
            throw new FilterException(from, cursor.at(), "Expected a name; others than a.b-c_d stand in quotes", null);
        }
        return name;
    }

    private String place() {
        int start = cursor.at();
        while (Cursor.isDigit(cursor.peek())) {
            cursor.accept(cursor.peek());
        }
        var digits = cursor.since(start);
        if (digits.isEmpty() || digits.length() > 6 || !cursor.accept(']')) {
            throw new FilterException(start, "Expected a place in the array, such as [0]");
        }
        return digits;
    }

    static boolean isPlain(char c) {
        return Cursor.isLetter(c) || Cursor.isDigit(c) || "_-$/@".indexOf(c) >= 0 && c != Cursor.END;
    }
}
