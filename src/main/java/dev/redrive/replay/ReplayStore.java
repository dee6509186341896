package dev.redrive.replay;

import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What people do to {@code replay}: ask for one, look at it, undo it, and decide an uncertain one. */
final class ReplayStore {

    private static final String COLUMNS = """
            SELECT r.id, r.letter_id, r.state, r.outcome, r.source, f.version AS draft_version, c.name AS cluster,
              r.target_topic, r.lane, r.target_partition, r.sent_partition, r.sent_offset, r.attempt, r.job_id, r.mode,
              r.reason, r.last_error, r.possible_duplicate, r.copy_search_due OR r.copy_unknown AS copy_unknown,
              a.partitions AS copy_partitions, a.offsets AS copy_offsets,
              r.returned_as, r.requested_by, r.not_before, r.created_at, r.updated_at
            FROM replay r JOIN cluster c ON c.id = r.cluster_id LEFT JOIN draft f ON f.id = r.draft_id
              CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(partition ORDER BY partition, record_offset), '{}') AS partitions,
                  coalesce(array_agg(record_offset ORDER BY partition, record_offset), '{}') AS offsets
                FROM aborted_copy WHERE replay_id = r.id) AS a
            """;

    private static final String FIND = COLUMNS + "WHERE r.id = $1";
    private static final String OF_LETTER = COLUMNS + "WHERE r.letter_id = $1 ORDER BY r.seq DESC LIMIT 100";

    private static final String LOCK = """
            SELECT version, status FROM letter_state WHERE letter_id = $1 FOR UPDATE""";

    private static final String BEGIN = """
            UPDATE letter_state SET status = 'replaying', version = version + 1, changed_at = now() WHERE letter_id = $1""";

    /** The mode is that of the lane so far; the claim says which one it was in the end. */
    private static final String INSERT = """
            INSERT INTO replay (id, letter_id, source, draft_id, content_hash, cluster_id, target_topic, target_topic_id,
              partitioning, target_partition, timestamp_policy, overrides, lane, not_before, consumer_group,
              requested_by, reason, mode)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now() + make_interval(secs => $14), $15, $16, $17,
              coalesce((SELECT mode FROM replay_lane WHERE cluster_id = $6 AND lane = $13), 'strict')""";

    private static final String RING = "SELECT pg_notify($1, $2)";

    private static final String CANCEL = """
            WITH cancelled AS (
              UPDATE replay SET state = 'cancelled', settled_at = now(), updated_at = now()
              WHERE id = $1 AND state IN ('held', 'queued') RETURNING letter_id)
            UPDATE letter_state SET status = 'open', version = version + 1, changed_at = now()
            WHERE letter_id = (SELECT letter_id FROM cancelled) AND (status = 'replaying') IS TRUE RETURNING letter_id""";

    private static final String CONFIRM = """
            WITH decided AS (
              UPDATE replay SET state = 'done', outcome = 'sent', updated_at = now(), last_error = NULL
              WHERE id = $1 AND state = 'uncertain' RETURNING letter_id)
            UPDATE letter_state SET status = 'replayed', version = version + 1, changed_at = now()
            WHERE letter_id = (SELECT letter_id FROM decided) AND (status = 'replaying') IS TRUE RETURNING letter_id""";

    private static final String RESEND = """
            UPDATE replay SET state = 'queued', outcome = NULL, possible_duplicate = true, next_try_at = now(),
              not_before = now(), updated_at = now(), settled_at = NULL, last_error = NULL
            WHERE id = $1 AND state = 'uncertain' RETURNING letter_id""";

    private final Pool pool;

    ReplayStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** State of a letter, locked until the caller's transaction ends. */
    record Locked(int version, Status status) {}

    /** Everything a lane needs to know later. @param delay during which it can be undone */
    record Intent(
            UUID id,
            Candidate letter,
            Source source,
            @Nullable Long draftId,
            Buffer contentHash,
            String topic,
            UUID topicId,
            Target target,
            @Nullable Integer partition,
            Set<String> overrides,
            int lane,
            Duration delay,
            String requestedBy,
            @Nullable String reason) {}

    Future<Optional<Replay>> find(UUID id) {
        return find(pool, id);
    }

    static Future<Optional<Replay>> find(SqlClient client, UUID id) {
        return client.preparedQuery(FIND)
                .mapping(ReplayStore::replay)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** Newest first, at most 100. */
    Future<List<Replay>> ofLetter(long letterId) {
        return pool.preparedQuery(OF_LETTER)
                .mapping(ReplayStore::replay)
                .execute(Tuple.of(letterId))
                .map(rows -> rows.stream().toList());
    }

    /** Makes everybody else wait who wants to change this letter or its draft. */
    static Future<Optional<Locked>> lock(SqlConnection connection, long letterId) {
        return connection
                .preparedQuery(LOCK)
                .mapping(row -> new Locked(row.getInteger("version"), Status.of(row.getString("status"))))
                .execute(Tuple.of(letterId))
                .map(rows -> rows.stream().findFirst());
    }

    /** In the caller's transaction, which has locked the letter and found it open. */
    static Future<Void> add(SqlConnection connection, Intent intent) {
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(intent.letter().id()))
                .compose(begun -> connection.preparedQuery(INSERT).execute(columns(intent)))
                .compose(added -> ring(connection, intent.lane()));
    }

    private static Future<Void> ring(SqlConnection connection, int lane) {
        return connection
                .preparedQuery(RING)
                .execute(Tuple.of(LaneBell.CHANNEL, Integer.toString(lane)))
                .mapEmpty();
    }

    private static Tuple columns(Intent intent) {
        return Tuple.tuple()
                .addUUID(intent.id())
                .addLong(intent.letter().id())
                .addString(intent.source().word())
                .addLong(intent.draftId())
                .addBuffer(intent.contentHash())
                .addShort(intent.letter().clusterId())
                .addString(intent.topic())
                .addUUID(intent.topicId())
                .addString(intent.target().partitioning().word())
                .addInteger(intent.partition())
                .addString(intent.target().timestampPolicy())
                .addArrayOfString(intent.overrides().toArray(String[]::new))
                .addInteger(intent.lane())
                .addDouble(intent.delay().toMillis() / 1000.0)
                .addString(
                        RetryTopics.isOne(intent.topic())
                                ? null
                                : intent.letter().consumerGroup())
                .addString(intent.requestedBy())
                .addString(intent.reason());
    }

    /** @return whether it was still time */
    static Future<Boolean> cancel(SqlConnection connection, UUID id) {
        return changed(connection, CANCEL, id);
    }

    /** @return whether it was uncertain */
    static Future<Boolean> confirm(SqlConnection connection, UUID id) {
        return changed(connection, CONFIRM, id);
    }

    /** @return whether it was uncertain */
    static Future<Boolean> resend(SqlConnection connection, UUID id) {
        return changed(connection, RESEND, id)
                .compose(changed -> ring(connection, LaneBell.ALL).map(changed));
    }

    private static Future<Boolean> changed(SqlConnection connection, String sql, UUID id) {
        return connection.preparedQuery(sql).execute(Tuple.of(id)).map(rows -> rows.size() == 1);
    }

    private static Replay replay(Row row) {
        return new Replay(
                row.getUUID("id"),
                row.getLong("letter_id"),
                ReplayState.of(row.getString("state")),
                row.getString("outcome"),
                Source.of(row.getString("source")),
                row.getInteger("draft_version"),
                row.getString("cluster"),
                row.getString("target_topic"),
                row.getInteger("lane"),
                place(row.getInteger("sent_partition"), row.getLong("sent_offset")),
                row.getInteger("attempt"),
                row.getUUID("job_id"),
                Mode.of(row.getString("mode")),
                row.getString("reason"),
                row.getString("last_error"),
                row.getBoolean("possible_duplicate"),
                copies(row),
                row.getBoolean("copy_unknown"),
                row.getLong("returned_as"),
                row.getString("requested_by"),
                row.getOffsetDateTime("not_before"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"));
    }

    private static List<Replay.Place> copies(Row row) {
        var partitions = row.getArrayOfIntegers("copy_partitions");
        var offsets = row.getArrayOfLongs("copy_offsets");
        return IntStream.range(0, offsets.length)
                .mapToObj(i -> new Replay.Place(partitions[i], offsets[i]))
                .toList();
    }

    private static Replay.@Nullable Place place(@Nullable Integer partition, @Nullable Long offset) {
        return partition == null || offset == null ? null : new Replay.Place(partition, offset);
    }
}
