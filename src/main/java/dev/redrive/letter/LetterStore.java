package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** One letter: its whole row, its family, and the changes of its status that people make. */
public final class LetterStore {

    /** @param version of {@code letter_state}, the letter's ETag */
    record State(long id, int version, Status status, OffsetDateTime changedAt) {

        static State from(Row row) {
            return new State(
                    row.getLong("letter_id"),
                    row.getInteger("version"),
                    Status.of(row.getString("status")),
                    row.getOffsetDateTime("changed_at"));
        }
    }

    /** A chunked value is read as far as a page shows it; the first piece is longer than that. */
    private static final String DETAIL = """
            SELECT s.letter_id, s.version, s.status, s.returns, s.parent_id, s.changed_at, s.failure_group_id,
              s.assignee, s.tags, s.notes,
              d.failed_at, d.ingested_at, d.kafka_partition, d.kafka_offset, d.kafka_timestamp, d.leader_epoch,
              d.convention, d.payload, d.replayable, d.value_size, substring(d.key FROM 1 FOR 64) AS key_start,
              d.origin_topic, d.origin_partition, d.origin_offset, d.origin_timestamp, d.origin_group,
              d.origin_inferred_from, d.exception_class, d.cause_class, d.message, d.attempts,
              d.replay_id, t.name AS topic, t.topic_id, c.name AS cluster,
              d.storage, d.content_hash, d.key, d.headers, d.trace_messages, d.unwrapped, d.latest, d.details,
              d.replay_drops, trace.frames,
              CASE d.storage WHEN 'chunked' THEN first.bytes ELSE d.value END AS value,
              draft.version AS draft_version, draft.created_at AS draft_at, draft.author AS draft_author
            FROM dead_letter d
            JOIN letter_state s ON s.letter_id = d.id
            JOIN dead_letter_topic t ON t.id = d.topic_ref
            JOIN cluster c ON c.id = t.cluster_id
            LEFT JOIN stack_trace trace ON trace.hash = d.trace_hash
            LEFT JOIN letter_chunk first ON first.letter_id = d.id AND first.no = 0
            LEFT JOIN draft ON draft.letter_id = d.id AND draft.current
            WHERE d.id = $1""";

    /** Up to the first ancestor, then everything that came of it; the bounds hold for a loop that runs for days. */
    private static final String FAMILY = """
            WITH RECURSIVE ancestor (id, parent_id, depth) AS (
              SELECT letter_id, parent_id, 0 FROM letter_state WHERE letter_id = $1
              UNION ALL
              SELECT s.letter_id, s.parent_id, a.depth + 1
              FROM ancestor a JOIN letter_state s ON s.letter_id = a.parent_id WHERE a.depth < 200),
            family (id, depth) AS (
              (SELECT id, 0 FROM ancestor ORDER BY depth DESC LIMIT 1)
              UNION ALL
              SELECT s.letter_id, f.depth + 1
              FROM family f JOIN letter_state s ON s.parent_id = f.id WHERE f.depth < 200)
            SELECT s.letter_id, s.parent_id, s.status, s.returns, d.replay_id, d.failed_at, t.name AS topic
            FROM (SELECT DISTINCT id FROM family ORDER BY id LIMIT 200) AS f
            JOIN letter_state s ON s.letter_id = f.id
            JOIN dead_letter d ON d.id = f.id
            JOIN dead_letter_topic t ON t.id = d.topic_ref
            ORDER BY s.letter_id""";

    private static final String LOCK = """
            SELECT letter_id, version, status, changed_at FROM letter_state WHERE letter_id = $1 FOR UPDATE""";

    private static final String CHANGE = """
            UPDATE letter_state SET status = $3, version = version + 1, changed_at = now()
            WHERE letter_id = $1 AND status = $2
            RETURNING letter_id, version, status, changed_at""";

    /** Heard by every process when the transaction is committed. */
    private static final String TELL = """
            SELECT pg_notify('redrive_changed',
              json_build_object('what', 'letters', 'ids', json_build_array($1::bigint::text))::text)""";

    private final Pool pool;

    public LetterStore(Pool pool) {
        this.pool = pool;
    }

    /** @return the row for {@link LetterJson#detail} */
    Future<Optional<Row>> find(long id) {
        return pool.preparedQuery(DETAIL)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return the letters of one record over its replays, oldest first; none if there is no such letter */
    Future<List<Row>> family(long id) {
        return pool.preparedQuery(FAMILY)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().toList());
    }

    /** Locks the letter until the transaction ends, so that what is decided about its state stays true. */
    Future<Optional<State>> lock(SqlConnection connection, long id) {
        return connection
                .preparedQuery(LOCK)
                .mapping(State::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return the new state, empty where the letter was not in status {@code from} */
    Future<Optional<State>> change(SqlConnection connection, long id, Status from, Status to) {
        return connection
                .preparedQuery(CHANGE)
                .mapping(State::from)
                .execute(Tuple.of(id, from.word(), to.word()))
                .compose(rows -> connection
                        .preparedQuery(TELL)
                        .execute(Tuple.of(id))
                        .map(told -> rows.stream().findFirst()));
    }

    Pool pool() {
        return pool;
    }
}
