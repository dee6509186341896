package dev.redrive.replay;

import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.HeaderCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code draft}. */
final class DraftStore {

    private static final String CURRENT = """
            SELECT id, letter_id, version, key, value, headers, content_hash, target_topic, partitioning,
              target_partition, timestamp_policy, author, reason, created_at
            FROM draft WHERE letter_id = $1 AND current""";

    private static final String CONTENTS = "SELECT id, key, value, headers FROM draft WHERE id = ANY ($1)";

    /** A draft that was sent is evidence and stays; the others would only be bytes that nobody can reach. */
    private static final String RETIRE = """
            UPDATE draft SET current = false WHERE letter_id = $1 AND current RETURNING version""";

    private static final String SWEEP = """
            DELETE FROM draft d WHERE letter_id = $1 AND NOT current AND id <> $2
              AND NOT EXISTS (SELECT FROM replay r WHERE r.letter_id = $1 AND r.draft_id = d.id)""";

    private static final String INSERT = """
            INSERT INTO draft (letter_id, version, current, origin_record, key, value, headers, content_hash,
              target_topic, partitioning, target_partition, timestamp_policy, author, reason)
            SELECT $1, coalesce(max(version), 0) + 1, NOT $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
            FROM draft WHERE letter_id = $1
            RETURNING id, letter_id, version, key, value, headers, content_hash, target_topic, partitioning,
              target_partition, timestamp_policy, author, reason, created_at""";

    private final Pool pool;

    DraftStore(Pool pool) {
        this.pool = pool;
    }

    /** What somebody wants to keep. @param originRecord whether it was fetched from the origin topic, not typed */
    record Edit(
            long letterId,
            Content content,
            Target target,
            String author,
            @Nullable String note,
            boolean originRecord) {}

    Future<Optional<Draft>> current(long letterId) {
        return current(pool, letterId);
    }

    static Future<Optional<Draft>> current(SqlClient client, long letterId) {
        return client.preparedQuery(CURRENT)
                .mapping(DraftStore::draft)
                .execute(Tuple.of(letterId))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return by id of the draft, sent ones included */
    Future<Map<Long, Content>> contents(Collection<Long> ids) {
        return contents(pool, ids);
    }

    /** @param client a pool, or a connection whose transaction the read belongs to */
    static Future<Map<Long, Content>> contents(SqlClient client, Collection<Long> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return client.preparedQuery(CONTENTS)
                .execute(Tuple.of((Object) ids.toArray(Long[]::new)))
                .map(rows -> {
                    var contents = new HashMap<Long, Content>();
                    rows.forEach(row -> contents.put(row.getLong("id"), content(row)));
                    return contents;
                });
    }

    /** In the caller's transaction, which has locked the letter. The draft before it is kept only if it was sent. */
    static Future<Draft> save(SqlConnection connection, Edit edit) {
        var retired = edit.originRecord()
                ? Future.<Void>succeededFuture()
                : connection
                        .preparedQuery(RETIRE)
                        .execute(Tuple.of(edit.letterId()))
                        .<Void>mapEmpty();
        return retired.compose(made -> insert(connection, edit))
                .compose(saved -> connection
                        .preparedQuery(SWEEP)
                        .execute(Tuple.of(edit.letterId(), saved.id()))
                        .map(saved));
    }

    private static Future<Draft> insert(SqlConnection connection, Edit edit) {
        return connection
                .preparedQuery(INSERT)
                .mapping(DraftStore::draft)
                .execute(Tuple.tuple()
                        .addLong(edit.letterId())
                        .addBoolean(edit.originRecord())
                        .addBuffer(edit.content().key())
                        .addBuffer(edit.content().value())
                        .addBuffer(HeaderCodec.encode(edit.content().headers(), null))
                        .addBuffer(ContentCodec.hash(edit.content()))
                        .addString(edit.target().topic())
                        .addString(edit.target().partitioning().word())
                        .addInteger(edit.target().partition())
                        .addString(edit.target().timestampPolicy())
                        .addString(edit.author())
                        .addString(edit.note()))
                .map(rows -> rows.iterator().next());
    }

    /** In the caller's transaction, which has locked the letter. The row goes with the next save, which needs its number. */
    static Future<Void> drop(SqlConnection connection, long letterId) {
        return connection.preparedQuery(RETIRE).execute(Tuple.of(letterId)).mapEmpty();
    }

    private static Draft draft(Row row) {
        return new Draft(
                row.getLong("id"),
                row.getLong("letter_id"),
                row.getInteger("version"),
                content(row),
                row.getBuffer("content_hash"),
                new Target(
                        row.getString("target_topic"),
                        Partitioning.of(row.getString("partitioning")),
                        row.getInteger("target_partition"),
                        row.getString("timestamp_policy").equals("original")),
                row.getString("author"),
                row.getString("reason"),
                row.getOffsetDateTime("created_at"));
    }

    private static Content content(Row row) {
        @Nullable Buffer key = row.getBuffer("key");
        @Nullable Buffer value = row.getBuffer("value");
        return new Content(key, value, HeaderCodec.decode(row.getBuffer("headers"), null));
    }
}
