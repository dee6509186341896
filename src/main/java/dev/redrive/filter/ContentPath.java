package dev.redrive.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * A header, or a place in a payload, as a term names it before its colon: {@code header.tenant},
 * {@code payload.items[0].sku}.
 *
 * @param field {@link Field#HEADER} or {@link Field#PAYLOAD}
 * @param path as in {@link Filter.Match}
 */
public record ContentPath(Field field, String path) {

    /**
     * @param text such paths with commas
     * @throws FilterException where it is something else, or names more than {@code most}
     */
    public static List<ContentPath> listOf(String text, int most) {
        var cursor = new Cursor(text);
        var paths = new ArrayList<ContentPath>();
        do {
            int from = cursor.at();
            var path = one(cursor);
            if (paths.size() == most) {
                throw new FilterException(from, cursor.at(), "At most " + most, null);
            }
            paths.add(path);
        } while (cursor.accept(','));
        if (!cursor.isAtEnd()) {
            throw new FilterException(cursor.at(), "Expected a comma; other names than a.b-c_d stand in quotes");
        }
        return List.copyOf(paths);
    }

    private static ContentPath one(Cursor cursor) {
        int from = cursor.at();
        var word = cursor.identifier();
        var field = word.equals(Field.HEADER.word())
                ? Field.HEADER
                : word.equals(Field.PAYLOAD.word()) ? Field.PAYLOAD : null;
        if (field == null || !cursor.accept('.')) {
            throw new FilterException(
                    from, Math.max(from + 1, cursor.at()), "Expected header.<name> or payload.<path>", null);
        }
        return new ContentPath(field, new PathReader(cursor).read(field));
    }
}
