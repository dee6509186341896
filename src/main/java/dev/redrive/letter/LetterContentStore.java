package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of letters back, whole and exact. */
public final class LetterContentStore {

    private static final String ROWS = """
            SELECT d.id, d.storage, d.key, d.value, d.headers, d.trace_messages, d.unwrapped, d.content_hash, s.frames
            FROM dead_letter d LEFT JOIN stack_trace s ON s.hash = d.trace_hash
            WHERE d.id = ANY ($1)""";

    private static final String CHUNKS = """
            SELECT letter_id, bytes FROM letter_chunk WHERE letter_id = ANY ($1) ORDER BY letter_id, no""";

    private LetterContentStore() {}

    /** @param client a pool, or a connection whose transaction the read belongs to */
    public static Future<Optional<LetterContent>> content(SqlClient client, long id) {
        return contents(client, List.of(id)).map(found -> Optional.ofNullable(found.get(id)));
    }

    /**
     * @param ids bounded by the caller: all of their bytes are held in memory
     * @return by id; letters that do not exist are missing
     */
    public static Future<Map<Long, LetterContent>> contents(SqlClient client, Collection<Long> ids) {
        return client.preparedQuery(ROWS)
                .execute(Tuple.of(ids.toArray(Long[]::new)))
                .compose(rows -> {
                    var chunked = new HashMap<Long, Buffer>();
                    for (var row : rows) {
                        if (Storage.of(row.getString("storage")) == Storage.CHUNKED) {
                            chunked.put(row.getLong("id"), Buffer.buffer());
                        }
                    }
                    return chunks(client, chunked).map(values -> {
                        var contents = new HashMap<Long, LetterContent>();
                        rows.forEach(row -> contents.put(row.getLong("id"), content(row, values)));
                        return contents;
                    });
                });
    }

    private static Future<Map<Long, Buffer>> chunks(SqlClient client, Map<Long, Buffer> values) {
        if (values.isEmpty()) {
            return Future.succeededFuture(values);
        }
        return client.preparedQuery(CHUNKS)
                .execute(Tuple.of(values.keySet().toArray(Long[]::new)))
                .map(rows -> {
                    rows.forEach(row ->
                            values.merge(row.getLong("letter_id"), row.getBuffer("bytes"), Buffer::appendBuffer));
                    return values;
                });
    }

    private static LetterContent content(Row row, Map<Long, Buffer> values) {
        long id = row.getLong("id");
        @Nullable Buffer frames = row.getBuffer("frames");
        var trace = frames == null ? null : StackTraceText.join(frames, row.getBuffer("trace_messages"));
        @Nullable Buffer headers = row.getBuffer("headers");
        @Nullable Buffer value = values.getOrDefault(id, row.getBuffer("value"));
        @Nullable Buffer unwrapped = row.getBuffer("unwrapped");
        return new LetterContent(
                id,
                Storage.of(row.getString("storage")),
                new Content(
                        row.getBuffer("key"), value, headers == null ? List.of() : HeaderCodec.decode(headers, trace)),
                unwrapped == null ? null : ContentCodec.decode(unwrapped),
                trace,
                row.getBuffer("content_hash"));
    }
}
