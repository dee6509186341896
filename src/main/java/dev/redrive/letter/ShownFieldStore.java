package dev.redrive.letter;

import dev.redrive.filter.ContentPath;
import dev.redrive.filter.Field;
import dev.redrive.filter.PathReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@link ShownFields} of the letters of a page by their ids; it hands out the beginning only, however long it is. */
final class ShownFieldStore {

    private static final int MOST_HEADERS = 3;
    private static final int MOST_CHARACTERS = 200;

    /** A character of UTF-8 has four bytes at most. */
    private static final String HEADER =
            "ARRAY (SELECT substring(h FROM 1 FOR %d) FROM unnest(letter_headers(d.headers, %s::bytea)) AS h LIMIT %d)";

    private ShownFieldStore() {}

    /** @return by letter what it holds, in the order of the fields; null where it holds no such */
    static Future<Map<Long, JsonArray>> values(SqlClient client, ShownFields fields, List<Long> letters) {
        if (fields.isEmpty() || letters.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var to = new Parameters();
        var ids = to.bind(letters.toArray(Long[]::new));
        var columns = fields.paths().stream().map(path -> expression(to, path)).collect(Collectors.joining(", "));
        var sql = "SELECT d.id, " + columns + " FROM dead_letter d WHERE d.id = ANY (" + ids + "::bigint[])";
        return client.preparedQuery(sql).execute(to.tuple()).map(rows -> {
            var found = new HashMap<Long, JsonArray>();
            rows.forEach(row -> found.put(row.getLong(0), values(row, fields.paths())));
            return found;
        });
    }

    private static String expression(Parameters to, ContentPath path) {
        return path.field() == Field.HEADER
                ? HEADER.formatted(4 * MOST_CHARACTERS, to.bind(Buffer.buffer(path.path())), MOST_HEADERS)
                : "left(" + BytesTerms.at(segments(to, path) + "::text[]") + ", " + MOST_CHARACTERS + ")";
    }

    private static String segments(Parameters to, ContentPath path) {
        return to.bind(PathReader.segments(path.path()).toArray(String[]::new));
    }

    private static JsonArray values(Row row, List<ContentPath> paths) {
        var values = new JsonArray();
        for (int i = 0; i < paths.size(); i++) {
            var field = paths.get(i).field();
            values.add(field == Field.HEADER ? header(row.getArrayOfBuffers(i + 1)) : shown(row.getString(i + 1)));
        }
        return values;
    }

    private static @Nullable String header(Buffer @Nullable [] values) {
        return values == null || values.length == 0
                ? null
                : shown(Arrays.stream(values)
                        .map(value -> value.toString(StandardCharsets.UTF_8))
                        .collect(Collectors.joining(", ")));
    }

    private static @Nullable String shown(@Nullable String text) {
        return text == null ? null : LetterJson.printable(text.substring(0, cut(text)));
    }

    /** Not between the two halves of a character. */
    private static int cut(String text) {
        int end = Math.min(text.length(), MOST_CHARACTERS);
        return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }
}
