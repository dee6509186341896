package dev.redrive.retention;

import dev.redrive.letter.HeaderCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what can hold payload or personal data of letters, in the caller's transaction, which has locked their
 * states by ascending id. docs/retention.md has the list of what stays, with reasons. All by primary key or by an index
 * on the letter.
 */
final class PurgeStore {

    private static final Buffer NO_HEADERS = HeaderCodec.encode(List.of(), null);

    /** Sent, or about to be, or nobody knows: its bytes may be needed. */
    private static final String LIVE = """
            SELECT letter_id FROM replay
            WHERE letter_id = ANY ($1) AND state IN ('queued', 'sending', 'uncertain')""";

    /** A pointer is a letter of which Redrive holds identity, sizes and hash alone, so every reader copes with it. */
    private static final String BYTES = """
            UPDATE dead_letter SET storage = 'pointer', payload = 'absent', replayable = false, key = NULL, value = NULL,
              headers = NULL, trace_hash = NULL, trace_messages = NULL, unwrapped = NULL, message = NULL, details = NULL,
              replay_drops = '{}'
            WHERE id = ANY ($1)""";

    private static final String CHUNKS = "DELETE FROM letter_chunk WHERE letter_id = ANY ($1)";

    /** What was sent stays as evidence: its hash, target and author, without the bytes. */
    private static final String SENT_DRAFTS = """
            UPDATE draft d SET current = false, key = NULL, value = NULL, headers = $2, reason = NULL
            WHERE letter_id = ANY ($1) AND EXISTS (SELECT FROM replay r WHERE r.letter_id = d.letter_id AND r.draft_id = d.id)""";

    private static final String DRAFTS = """
            DELETE FROM draft d
            WHERE letter_id = ANY ($1)
              AND NOT EXISTS (SELECT FROM replay r WHERE r.letter_id = d.letter_id AND r.draft_id = d.id)""";

    private static final String NOTES = "DELETE FROM letter_note WHERE letter_id = ANY ($1)";

    /** What an undo would put back; it leaves a purged letter alone anyway. */
    private static final String MEMORIES = """
            UPDATE job_item SET before = NULL
            WHERE letter_id = ANY ($1) AND (before ? 'text' OR before ? 'tags')""";

    /** Last of all: from here to the commit others wait for the counters of these failure groups. */
    private static final String STATES = """
            UPDATE letter_state SET status = 'purged', tags = '{}', notes = 0, retention_run_id = $2,
              version = version + 1, changed_at = now()
            WHERE letter_id = ANY ($1) RETURNING letter_id, version""";

    private PurgeStore() {}

    /** @return those of which a replay is on its way, or uncertain */
    static Future<Set<Long>> live(SqlConnection connection, List<Long> ids) {
        return connection.preparedQuery(LIVE).execute(letters(ids)).map(rows -> {
            var live = new HashSet<Long>();
            rows.forEach(row -> live.add(row.getLong("letter_id")));
            return live;
        });
    }

    /** @param run of the retention; null where a job does it. @return the versions afterwards */
    static Future<Map<Long, Integer>> purge(SqlConnection connection, List<Long> ids, @Nullable Long run) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return run(connection, CHUNKS, letters(ids))
                .compose(done -> run(connection, DRAFTS, letters(ids)))
                .compose(done -> run(connection, SENT_DRAFTS, letters(ids).addBuffer(NO_HEADERS)))
                .compose(done -> run(connection, NOTES, letters(ids)))
                .compose(done -> run(connection, MEMORIES, letters(ids)))
                .compose(done -> run(connection, BYTES, letters(ids)))
                .compose(done ->
                        connection.preparedQuery(STATES).execute(letters(ids).addLong(run)))
                .map(rows -> {
                    var versions = new TreeMap<Long, Integer>();
                    rows.forEach(row -> versions.put(row.getLong("letter_id"), row.getInteger("version")));
                    return versions;
                });
    }

    private static Tuple letters(List<Long> ids) {
        return Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new));
    }

    private static Future<Void> run(SqlConnection connection, String sql, Tuple parameters) {
        return connection.preparedQuery(sql).execute(parameters).mapEmpty();
    }
}
