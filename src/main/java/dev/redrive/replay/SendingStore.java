package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.letter.Position;
import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a lane does to the rows of {@code replay} while it sends. Every statement carries the lane's fence, so that an
 * owner which was replaced changes nothing.
 *
 * <p>A statement that is given its rows by id asks for their state with {@code IS TRUE}, here and in the stores beside:
 * no index serves that. To the planner, which counts what was there minutes ago, a state in which there was nobody looks
 * like a shorter way than the ids, and then each batch of a job reads all its letters.
 */
final class SendingStore {

    private static final int MOST_PUT_OFF_SECONDS = 60;

    /** The database's time as Kafka has it. A record dated by a host that is ahead is refused for good. */
    private static final String NOW = "(extract(epoch FROM now()) * 1000)::bigint";

    /**
     * At once, so that what a transaction costs in itself is shared by many. Three times as many may be in hand, which is
     * not more than {@link CopyStore#unsearched} looks for after a doubt.
     */
    private static final int MOST_CLAIMED = 300;

    /** Each of them goes alone, and may become a person's to decide. */
    private static final int MOST_CLAIMED_WITHOUT_TRANSACTIONS = 100;

    static final String CLAIM = claiming(MOST_CLAIMED);

    private static final String CLAIM_FEW = claiming(MOST_CLAIMED_WITHOUT_TRANSACTIONS);

    /**
     * SKIP LOCKED, because somebody may be cancelling a row. The limit is no parameter and each letter is looked up by itself,
     * since a plan from when there were few letters read all letters of the topic for each one.
     */
    private static String claiming(int most) {
        return """
            WITH mine AS (
              SELECT FROM replay_lane
              WHERE cluster_id = $1 AND lane = $2 AND fence = $3 AND lease_until > now() FOR SHARE),
            due AS (
              SELECT id FROM replay
              WHERE cluster_id = $1 AND lane = $2 AND state = 'queued' AND not_before <= now() AND next_try_at <= now()
                AND EXISTS (SELECT FROM mine)
              ORDER BY seq LIMIT %d FOR UPDATE SKIP LOCKED),
            claimed AS (
              UPDATE replay r
              SET state = 'sending', fence = $3, mode = $4, attempt = attempt + 1, last_error = NULL, updated_at = now()
              WHERE r.id = ANY (ARRAY (SELECT id FROM due))
              RETURNING r.*)
            SELECT c.*, d.kafka_partition, d.kafka_offset, d.leader_epoch,
              CASE d.payload WHEN 'present' THEN d.replay_drops ELSE '{}' END AS replay_drops,
              CASE c.timestamp_policy WHEN 'original' THEN coalesce(d.origin_timestamp, d.kafka_timestamp) ELSE %s END
                AS timestamp,
              coalesce(octet_length(f.value), d.value_size, 0) AS size, t.name AS topic, t.topic_id, k.kafka_id,
              EXISTS (SELECT FROM dead_letter_topic read
                WHERE read.cluster_id = c.cluster_id AND read.name = c.target_topic) AS target_is_read
            FROM claimed c
              CROSS JOIN LATERAL (SELECT * FROM dead_letter WHERE id = c.letter_id OFFSET 0) AS d
              JOIN dead_letter_topic t ON t.id = d.topic_ref JOIN cluster k ON k.id = t.cluster_id
              LEFT JOIN draft f ON f.id = c.draft_id
            ORDER BY c.seq""".formatted(most, NOW);
    }

    /**
     * A search that is still due would begin behind the new end, so what it was for stays unknown. The ids are in order, so
     * that each row finds its values by halving: a join with them compared every row with every value.
     */
    static final String PLACE = """
            UPDATE replay SET target_partition = ($3::integer[])[width_bucket(id, $2::uuid[])],
              pre_send_end = ($4::bigint[])[width_bucket(id, $2::uuid[])],
              copy_unknown = copy_unknown OR copy_search_due, copy_search_due = false
            WHERE id = ANY ($2) AND (state = 'sending') IS TRUE AND fence = $1""";

    private static final String SENT = """
            SELECT 'replay-sent' AS action, letter_id, '/api/v1/replays/' || id AS object, jsonb_build_object(
              'topic', target_topic, 'partition', sent_partition, 'offset', sent_offset::text) AS details
            FROM done""";

    /**
     * Replay, letter, receipts position, audit and hint together. One statement, which is its own transaction: the counters
     * that it moves are locked from its end to its commit and no longer, and every lane waits for them. The ids are in
     * order, as in {@link #PLACE}.
     */
    static final String SETTLE = """
            WITH done AS (
              UPDATE replay
              SET state = 'done', outcome = 'sent',
                sent_partition = ($5::integer[])[width_bucket(id, $4::uuid[])],
                sent_offset = ($6::bigint[])[width_bucket(id, $4::uuid[])],
                settled_at = now(), updated_at = now(), look_at = now() + make_interval(secs => $8)
              WHERE id = ANY ($4) AND (state = 'sending') IS TRUE AND fence = $3
              RETURNING id, letter_id, target_topic, sent_partition, sent_offset),
            moved AS (
              UPDATE replay_lane SET receipts_next_offset = greatest(receipts_next_offset, $7)
              WHERE cluster_id = $1 AND lane = $2 AND fence = $3 AND receipts_topic_id IS NOT NULL),
            replayed AS (
              UPDATE letter_state SET status = 'replayed', version = version + 1, changed_at = now()
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM done)) AND (status = 'replaying') IS TRUE),
            told AS (%s)
            SELECT pg_notify($9, json_build_object('what', 'letters', 'ids', array_agg(letter_id))::text)
            FROM done HAVING count(*) > 0""".formatted(AuditStore.recording(SENT));

    static final String FAIL = """
            WITH failed AS (
              UPDATE replay r
              SET state = 'failed', last_error = f.reason, settled_at = now(), updated_at = now()
              FROM unnest($2::uuid[], $3::text[]) AS f (id, reason)
              WHERE r.id = f.id AND r.id = ANY ($2) AND (r.state = 'sending') IS TRUE AND r.fence = $1
              RETURNING r.id, r.letter_id, r.target_topic, r.last_error),
            opened AS (
              UPDATE letter_state SET status = 'open', version = version + 1, changed_at = now()
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM failed)) AND (status = 'replaying') IS TRUE)
            SELECT id, letter_id, target_topic, last_error FROM failed""";

    static final String LATER = """
            UPDATE replay
            SET state = 'queued', last_error = $3, updated_at = now(),
              next_try_at = now() + make_interval(secs => least(%d, power(2, least(attempt, 6))))
            WHERE id = ANY ($2) AND (state = 'sending') IS TRUE AND fence = $1""".formatted(MOST_PUT_OFF_SECONDS);

    /** At one time with the first, so that all of them are claimed in their order; it may be cancelled by now. */
    static final String LATER_WITH = """
            UPDATE replay r
            SET state = 'queued', last_error = $3, updated_at = now(),
              next_try_at = CASE first.state WHEN 'queued' THEN first.next_try_at ELSE now() + interval '1 s' END
            FROM replay first
            WHERE first.id = $4 AND r.id = ANY ($2) AND (r.state = 'sending') IS TRUE AND r.fence = $1""";

    private final Pool pool;
    private final ChangeStore changes;
    private final Duration outcomeWindow;
    private final ReplayMetrics metrics;

    /** @param outcomeWindow how long after the sending an outcome is looked for first */
    SendingStore(Pool pool, ChangeStore changes, Duration outcomeWindow, ReplayMetrics metrics) {
        this.pool = pool;
        this.changes = changes;
        this.outcomeWindow = outcomeWindow;
        this.metrics = metrics;
    }

    /**
     * Takes due replays, oldest first, at most 300, or 100 without transactions. Committed when this completes, and so
     * before any byte goes to Kafka.
     */
    Future<List<Claim>> claim(LaneId lane, long fence, Mode mode) {
        return pool.preparedQuery(mode.isTransactional() ? CLAIM : CLAIM_FEW)
                .mapping(SendingStore::claim)
                .execute(Tuple.of(lane.clusterId(), lane.lane(), fence, mode.word()))
                .map(rows -> rows.stream().toList());
    }

    /** Notes where each record will go and where that partition ended before, for the search after a doubt. */
    Future<Void> place(long fence, List<Outgoing> batch, Function<Outgoing, Long> preSendEnd) {
        var inOrder = inOrder(batch, each -> each);
        return pool.preparedQuery(PLACE)
                .execute(Tuple.of(
                        fence,
                        ids(inOrder),
                        inOrder.stream().map(each -> each.place().partition()).toArray(Integer[]::new),
                        inOrder.stream().map(preSendEnd).toArray(Long[]::new)))
                .mapEmpty();
    }

    /** As Postgres orders ids: by their bytes, which is how they are written and not how Java compares them. */
    private static <T> List<T> inOrder(List<T> batch, Function<T, Outgoing> replay) {
        return batch.stream()
                .sorted(Comparator.comparing(
                        each -> replay.apply(each).claim().id().toString()))
                .toList();
    }

    /** @param handed when the batch was handed to Kafka, {@link System#nanoTime} */
    Future<Void> settle(LaneId lane, long fence, List<Sender.Sent> sent, long handed) {
        long next = sent.stream().mapToLong(Sender.Sent::receiptOffset).max().orElse(-1) + 1;
        var inOrder = inOrder(sent, Sender.Sent::outgoing);
        var columns = Tuple.of(lane.clusterId(), lane.lane(), fence)
                .addArrayOfUUID(inOrder.stream()
                        .map(each -> each.outgoing().claim().id())
                        .toArray(UUID[]::new))
                .addArrayOfInteger(inOrder.stream().map(Sender.Sent::partition).toArray(Integer[]::new))
                .addArrayOfLong(inOrder.stream().map(Sender.Sent::offset).toArray(Long[]::new))
                .addLong(next)
                .addDouble(outcomeWindow.toMillis() / 1000.0)
                .addString(Database.CHANGED);
        return pool.preparedQuery(SETTLE)
                .execute(columns)
                .onSuccess(told -> {
                    // No row: the lane has another owner, which settles and counts them.
                    if (told.size() > 0) {
                        var took = Duration.ofNanos(System.nanoTime() - handed);
                        metrics.sent(
                                topics(sent.stream().map(Sender.Sent::outgoing).toList()), took);
                    }
                })
                .mapEmpty();
    }

    /** Nothing of them is in Kafka and nothing will be: the letters are open again. */
    Future<Void> fail(long fence, List<Preflight.Refusal> refused) {
        if (refused.isEmpty()) {
            return Future.succeededFuture();
        }
        var columns = Tuple.of(
                fence,
                refused.stream().map(Preflight.Refusal::replayId).toArray(UUID[]::new),
                refused.stream().map(Preflight.Refusal::reason).toArray(String[]::new));
        return pool.withTransaction(connection -> connection
                        .preparedQuery(FAIL)
                        .execute(columns)
                        .compose(failed -> changes.record(
                                        connection,
                                        failed.stream()
                                                .map(SendingStore::failedEvent)
                                                .toList())
                                .map(failed)))
                .onSuccess(failed -> metrics.failed(failed.stream()
                        .map(row -> row.getString("target_topic"))
                        .toList()))
                .mapEmpty();
    }

    /** Puts replays back of which it is certain that nothing was committed; they wait 2 to 60 s, longer each time. */
    Future<Void> tryLater(long fence, List<Outgoing> batch, @Nullable String why) {
        return pool.preparedQuery(LATER)
                .execute(Tuple.of(fence, ids(batch), why))
                .onSuccess(later -> metrics.triedLater(topics(batch)))
                .mapEmpty();
    }

    /** Puts replays back that wait for another one, which {@link #tryLater} put back before. */
    Future<Void> tryWith(UUID first, long fence, List<Outgoing> batch) {
        return pool.preparedQuery(LATER_WITH)
                .execute(Tuple.of(fence, ids(batch), "Kafka could not take an earlier record of its partition", first))
                .onSuccess(later -> metrics.triedLater(topics(batch)))
                .mapEmpty();
    }

    /** How long {@link #tryLater} puts a replay off that was claimed so many times. */
    static Duration putOffFor(int attempt) {
        return Duration.ofSeconds(Math.min(MOST_PUT_OFF_SECONDS, 1L << Math.min(attempt, 6)));
    }

    private static List<String> topics(List<Outgoing> batch) {
        return batch.stream().map(each -> each.claim().topic()).toList();
    }

    private static UUID[] ids(List<Outgoing> batch) {
        return batch.stream().map(each -> each.claim().id()).toArray(UUID[]::new);
    }

    private static AuditEvent failedEvent(Row row) {
        return ReplayEvents.of(row, "replay-failed", new JsonObject().put("error", row.getString("last_error")));
    }

    private static Claim claim(Row row) {
        @Nullable Long timestamp = row.getLong("timestamp");
        return new Claim(
                row.getUUID("id"),
                row.getLong("letter_id"),
                new Position(
                        row.getString("kafka_id"),
                        row.getString("topic"),
                        row.getUUID("topic_id"),
                        row.getInteger("kafka_partition"),
                        row.getLong("kafka_offset"),
                        row.getInteger("leader_epoch")),
                row.getUUID("job_id"),
                row.getLong("draft_id"),
                row.getBuffer("content_hash"),
                row.getString("target_topic"),
                row.getUUID("target_topic_id"),
                row.getBoolean("target_is_read"),
                Partitioning.of(row.getString("partitioning")),
                row.getInteger("target_partition"),
                timestamp == null || timestamp < 0 ? null : timestamp,
                new HashSet<>(List.of(row.getArrayOfStrings("overrides"))),
                row.getInteger("attempt"),
                row.getLong("size"),
                new HashSet<>(List.of(row.getArrayOfStrings("replay_drops"))));
    }
}
