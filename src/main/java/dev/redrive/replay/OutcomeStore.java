package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** What became of replays after they were sent. All statements work on sets, a bounded number at a time. */
final class OutcomeStore {

    /**
     * Letters that carry the id of a replay. One whose parent waits to be linked itself comes a turn later, so that
     * returns add up.
     */
    private static final String BY_HEADER = """
            SELECT q.letter_id, r.id, r.letter_id AS parent_id, r.target_topic
            FROM returned_letter q JOIN replay r ON r.id = q.replay_id
            WHERE r.state = 'done' AND q.letter_id <> r.letter_id
              AND NOT EXISTS (SELECT FROM returned_letter parent WHERE parent.letter_id = r.letter_id)
            ORDER BY q.letter_id LIMIT 500 FOR UPDATE OF q SKIP LOCKED""";

    /**
     * Letters whose origin is where a replay was sent: the framework dropped our headers. Those that were stored before
     * anybody asked for the replay come from an earlier topic of that name.
     */
    private static final String BY_PLACE = """
            SELECT d.id AS letter_id, r.id, r.letter_id AS parent_id, r.target_topic
            FROM replay r JOIN dead_letter d ON d.origin_topic = r.target_topic
                AND d.origin_partition = r.sent_partition AND d.origin_offset = r.sent_offset
              JOIN dead_letter_topic t ON t.id = d.topic_ref AND t.cluster_id = r.cluster_id
              JOIN letter_state s ON s.letter_id = d.id
            WHERE r.look_at IS NOT NULL AND r.state = 'done' AND d.replay_id IS NULL AND s.parent_id IS NULL
              AND d.id > r.letter_id AND d.ingested_at >= r.created_at
            ORDER BY d.id LIMIT 500 FOR UPDATE OF s SKIP LOCKED""";

    private static final String LINK = """
            UPDATE letter_state s
            SET parent_id = l.parent_id, returns = parent.returns + 1, version = s.version + 1, changed_at = now()
            FROM unnest($1::bigint[], $2::bigint[]) AS l (letter_id, parent_id)
              JOIN letter_state parent ON parent.letter_id = l.parent_id
            WHERE s.letter_id = l.letter_id""";

    private static final String PARENTS = """
            UPDATE letter_state SET status = 'returned', version = version + 1, changed_at = now()
            WHERE letter_id = ANY ($1) AND status IN ('replayed', 'recovered')""";

    private static final String RETURNED = """
            UPDATE replay r SET outcome = 'returned', outcome_at = now(), updated_at = now(), look_at = NULL,
              returned_as = coalesce(r.returned_as, l.letter_id)
            FROM unnest($1::uuid[], $2::bigint[]) AS l (id, letter_id) WHERE r.id = l.id""";

    private static final String TAKE_OFF = "DELETE FROM returned_letter WHERE letter_id = ANY ($1)";

    /** A replay id that is not ours, or of a replay that was never sent. */
    private static final String FORGET = """
            DELETE FROM returned_letter q
            WHERE NOT EXISTS (SELECT FROM replay r WHERE r.id = q.replay_id AND r.state NOT IN ('failed', 'cancelled'))""";

    private static final String DUE = """
            SELECT r.id, c.name AS cluster, r.target_topic, r.sent_partition, r.sent_offset, r.consumer_group
            FROM replay r JOIN cluster c ON c.id = r.cluster_id
            WHERE r.look_at <= now() AND r.consumer_group IS NOT NULL AND r.sent_offset IS NOT NULL
            ORDER BY r.look_at LIMIT 1000""";

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

    private static final String RECOVERED = """
            WITH recovered AS (
              UPDATE replay r SET outcome = 'recovered', outcome_at = now(), updated_at = now(), look_at = NULL
              WHERE r.id = ANY ($1) AND r.state = 'done' AND r.outcome = 'sent'
                AND NOT EXISTS (SELECT FROM returned_letter q WHERE q.replay_id = r.id)
              RETURNING r.id, r.letter_id, r.target_topic, r.consumer_group),
            letters AS (
              UPDATE letter_state SET status = 'recovered', version = version + 1, changed_at = now()
              WHERE letter_id IN (SELECT letter_id FROM recovered) AND status = 'replayed')
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

    /** A letter that is a replay which came back. */
    private record Return(long letterId, UUID replayId, long parentId, String topic) {
        static Return from(Row row) {
            return new Return(
                    row.getLong("letter_id"),
                    row.getUUID("id"),
                    row.getLong("parent_id"),
                    row.getString("target_topic"));
        }
    }

    /** Makes replays known whose letter came in at the very moment in which their receipt was met. */
    Future<Void> knowLate() {
        return UnknownReplayStore.knowLate(pool);
    }

    /** Links letters that came back to the letters they were. @return how many */
    Future<Integer> linkReturns() {
        return pool.withTransaction(connection -> connection
                        .query(FORGET)
                        .execute()
                        .compose(forgotten -> returns(connection, BY_HEADER))
                        .compose(byHeader -> link(connection, byHeader)
                                .compose(linked -> returns(connection, BY_PLACE))
                                .compose(
                                        byPlace -> link(connection, byPlace).map(linked -> topics(byHeader, byPlace)))))
                .map(topics -> {
                    metrics.foundOut(topics, "returned");
                    return topics.size();
                });
    }

    private static List<String> topics(List<Return> some, List<Return> more) {
        return Stream.concat(some.stream(), more.stream()).map(Return::topic).toList();
    }

    private static Future<List<Return>> returns(SqlConnection connection, String sql) {
        return connection
                .preparedQuery(sql)
                .mapping(Return::from)
                .execute()
                .map(rows -> rows.stream().toList());
    }

    private Future<Void> link(SqlConnection connection, List<Return> returns) {
        if (returns.isEmpty()) {
            return Future.succeededFuture();
        }
        var letters = returns.stream().map(Return::letterId).toArray(Long[]::new);
        var parents = returns.stream().map(Return::parentId).toArray(Long[]::new);
        var replays = returns.stream().map(Return::replayId).toArray(UUID[]::new);
        return run(connection, LINK, Tuple.tuple().addArrayOfLong(letters).addArrayOfLong(parents))
                .compose(linked -> run(connection, PARENTS, Tuple.tuple().addArrayOfLong(parents)))
                .compose(marked -> run(
                        connection,
                        RETURNED,
                        Tuple.tuple().addArrayOfUUID(replays).addArrayOfLong(letters)))
                .compose(returned -> run(connection, TAKE_OFF, Tuple.tuple().addArrayOfLong(letters)))
                .compose(taken -> changes.record(connection, events(returns)));
    }

    private static Future<Void> run(SqlConnection connection, String sql, Tuple values) {
        return connection.preparedQuery(sql).execute(values).mapEmpty();
    }

    /** One for the letter that was replayed and one for the letter it came back as. */
    private static List<AuditEvent> events(List<Return> returns) {
        var events = new ArrayList<AuditEvent>();
        for (var each : returns) {
            var path = ReplayEvents.pathOf(each.replayId());
            events.add(new AuditEvent(
                    AuditEvent.SYSTEM,
                    "returned",
                    each.parentId(),
                    path,
                    null,
                    new JsonObject().put("returnedAs", Long.toString(each.letterId())),
                    null));
            events.add(new AuditEvent(
                    AuditEvent.SYSTEM,
                    "linked",
                    each.letterId(),
                    path,
                    null,
                    new JsonObject().put("parentId", Long.toString(each.parentId())),
                    null));
        }
        return events;
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

    /** Replays to look for now, the longest waiting first. */
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
