package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** What became of replays after they were sent. All statements work on sets, a bounded number at a time. */
final class OutcomeStore {

    static final int MOST_DUE = 1_000;

    private static final String DUE = """
            SELECT r.id, c.name AS cluster, r.target_topic, r.sent_partition, r.sent_offset, r.consumer_group
            FROM replay r JOIN cluster c ON c.id = r.cluster_id
            WHERE r.look_at <= now() AND r.consumer_group IS NOT NULL AND r.sent_offset IS NOT NULL
            ORDER BY r.look_at LIMIT %d""".formatted(MOST_DUE);

    private static final String WITHOUT_GROUP = """
            SELECT DISTINCT c.name AS cluster, r.target_topic
            FROM replay r JOIN cluster c ON c.id = r.cluster_id
            WHERE r.look_at <= now() AND r.consumer_group IS NULL AND r.sent_offset IS NOT NULL
            LIMIT 50""";

    private static final String WATCH = """
            UPDATE replay r SET consumer_group = $3 FROM cluster c
            WHERE c.id = r.cluster_id AND c.name = $1 AND r.target_topic = $2
              AND r.look_at <= now() AND r.consumer_group IS NULL""";

    /** Nobody to ask, or nobody answered for a week: it stays with what is certain. */
    private static final String STOP_LOOKING = """
            UPDATE replay SET look_at = NULL
            WHERE look_at <= now()
              AND (consumer_group IS NULL OR sent_offset IS NULL OR settled_at < now() - interval '7 days')""";

    static final String RECOVERED = """
            WITH recovered AS (
              UPDATE replay r SET outcome = 'recovered', outcome_at = now(), updated_at = now(), look_at = NULL
              WHERE r.id = ANY ($1) AND (r.state = 'done' AND r.outcome = 'sent') IS TRUE
                AND NOT EXISTS (SELECT FROM returned_letter q WHERE q.replay_id = r.id)
              RETURNING r.id, r.letter_id, r.target_topic, r.consumer_group),
            letters AS (
              UPDATE letter_state SET status = 'recovered', version = version + 1, changed_at = now()
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM recovered)) AND (status = 'replayed') IS TRUE)
            SELECT id, letter_id, target_topic, consumer_group FROM recovered""";

    /** The longer it takes, the less often it is looked for: after half of the time so far, 10 minutes at most. */
    private static final String LOOK_LATER = """
            UPDATE replay
            SET look_at = now() + least(interval '10 minutes', greatest(interval '1 s', (now() - settled_at) / 2))
            WHERE id = ANY ($1) AND look_at IS NOT NULL""";

    private final Pool pool;
    private final ChangeStore changes;
    private final ReplayMetrics metrics;

    OutcomeStore(Pool pool, ChangeStore changes, ReplayMetrics metrics) {
        this.pool = pool;
        this.changes = changes;
        this.metrics = metrics;
    }

    /** A replay that was sent and of which nothing is known since. */
    record Awaiting(UUID id, String cluster, String topic, int partition, long offset, String consumerGroup) {
        static Awaiting from(Row row) {
            return new Awaiting(
                    row.getUUID("id"),
                    row.getString("cluster"),
                    row.getString("target_topic"),
                    row.getInteger("sent_partition"),
                    row.getLong("sent_offset"),
                    row.getString("consumer_group"));
        }
    }

    /** Makes replays known whose letter came in at the very moment in which their receipt was met. */
    Future<Void> knowLate() {
        return UnknownReplayStore.knowLate(pool);
    }

    /** A topic to which letters were sent that do not name the group that refused them. */
    record Unwatched(String cluster, String topic) {}

    /** Where replays wait for a look and no group is known; at most 50. */
    Future<List<Unwatched>> withoutGroup() {
        return pool.preparedQuery(WITHOUT_GROUP)
                .mapping(row -> new Unwatched(row.getString("cluster"), row.getString("target_topic")))
                .execute()
                .map(rows -> rows.stream().toList());
    }

    /** From now on this group tells what became of the replays that are due there. */
    Future<Void> watch(Unwatched place, String group) {
        return pool.preparedQuery(WATCH)
                .execute(Tuple.of(place.cluster(), place.topic(), group))
                .mapEmpty();
    }

    /** Replays to look for now, the longest waiting first, at most {@link #MOST_DUE}. */
    Future<List<Awaiting>> due() {
        return pool.preparedQuery(STOP_LOOKING)
                .execute()
                .compose(stopped ->
                        pool.preparedQuery(DUE).mapping(Awaiting::from).execute())
                .map(rows -> rows.stream().toList());
    }

    /** Unless they came back meanwhile. */
    Future<Void> recovered(List<UUID> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        return pool.withTransaction(connection -> connection
                        .preparedQuery(RECOVERED)
                        .execute(Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                        .compose(rows -> changes.record(
                                        connection,
                                        rows.stream()
                                                .map(OutcomeStore::recoveredEvent)
                                                .toList())
                                .map(rows)))
                .onSuccess(rows -> metrics.foundOut(
                        rows.stream().map(row -> row.getString("target_topic")).toList(), "recovered"))
                .mapEmpty();
    }

    private static AuditEvent recoveredEvent(Row row) {
        return ReplayEvents.of(
                row, "recovered", new JsonObject().put("consumerGroup", row.getString("consumer_group")));
    }

    Future<Void> lookLater(List<UUID> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture()
                : pool.preparedQuery(LOOK_LATER)
                        .execute(Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                        .mapEmpty();
    }
}
