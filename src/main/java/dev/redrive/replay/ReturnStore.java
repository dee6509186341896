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

/** Replays that came back as letters. All statements work on sets, a bounded number at a time. */
final class ReturnStore {

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

    private static final String FOUND = "d.id AS letter_id, r.id, r.letter_id AS parent_id, r.target_topic";

    /**
     * A letter whose origin is where a replay was sent: the framework dropped our headers. One that was stored before
     * anybody asked for the replay comes from an earlier topic of that name.
     */
    private static final String AT_PLACES = """
            SELECT %s
            FROM replay r
              CROSS JOIN LATERAL (SELECT id, topic_ref FROM dead_letter
                WHERE origin_topic = r.target_topic AND origin_partition = r.sent_partition
                  AND origin_offset = r.sent_offset AND replay_id IS NULL
                  AND id > r.letter_id AND ingested_at >= r.created_at OFFSET 0) AS d
              JOIN dead_letter_topic t ON t.id = d.topic_ref AND t.cluster_id = r.cluster_id
              JOIN letter_state s ON s.letter_id = d.id AND s.parent_id IS NULL
            WHERE r.id = ANY ($1) AND r.state = 'done'
            ORDER BY d.id FOR UPDATE OF s SKIP LOCKED""".formatted(FOUND);

    /**
     * The same from the other end, long before the look: most of what comes back is among the newest letters. With every
     * waiting replay on one side and every letter on the other it would cost the more the more are waiting.
     */
    private static final String NEWEST = """
            SELECT %s
            FROM (SELECT id, topic_ref, origin_topic, origin_partition, origin_offset, ingested_at FROM dead_letter
                WHERE id > (SELECT max(id) - 2000 FROM dead_letter) AND replay_id IS NULL
                  AND EXISTS (SELECT FROM replay WHERE look_at IS NOT NULL) OFFSET 0) AS d
              CROSS JOIN LATERAL (SELECT id, letter_id, target_topic, cluster_id FROM replay
                WHERE target_topic = d.origin_topic AND sent_partition = d.origin_partition
                  AND sent_offset = d.origin_offset AND look_at IS NOT NULL AND state = 'done'
                  AND letter_id < d.id AND created_at <= d.ingested_at OFFSET 0) AS r
              JOIN dead_letter_topic t ON t.id = d.topic_ref AND t.cluster_id = r.cluster_id
              JOIN letter_state s ON s.letter_id = d.id AND s.parent_id IS NULL
            ORDER BY d.id LIMIT 500 FOR UPDATE OF s SKIP LOCKED""".formatted(FOUND);

    private static final String LINK = """
            UPDATE letter_state s
            SET parent_id = l.parent_id, returns = parent.returns + 1, version = s.version + 1, changed_at = now()
            FROM unnest($1::bigint[], $2::bigint[]) AS l (letter_id, parent_id)
              JOIN letter_state parent ON parent.letter_id = l.parent_id
            WHERE s.letter_id = l.letter_id""";

    static final String PARENTS = """
            UPDATE letter_state SET status = 'returned', version = version + 1, changed_at = now()
            WHERE letter_id = ANY ($1) AND (status IN ('replayed', 'recovered')) IS TRUE""";

    private static final String RETURNED = """
            UPDATE replay r SET outcome = 'returned', outcome_at = now(), updated_at = now(), look_at = NULL,
              returned_as = coalesce(r.returned_as, l.letter_id)
            FROM unnest($1::uuid[], $2::bigint[]) AS l (id, letter_id) WHERE r.id = l.id AND r.id = ANY ($1)""";

    private static final String TAKE_OFF = "DELETE FROM returned_letter WHERE letter_id = ANY ($1)";

    /** A replay id that is not ours, or of a replay that was never sent. */
    private static final String FORGET = """
            DELETE FROM returned_letter q
            WHERE NOT EXISTS (SELECT FROM replay r WHERE r.id = q.replay_id AND r.state NOT IN ('failed', 'cancelled'))""";

    private final Pool pool;
    private final ChangeStore changes;
    private final ReplayMetrics metrics;

    ReturnStore(Pool pool, ChangeStore changes, ReplayMetrics metrics) {
        this.pool = pool;
        this.changes = changes;
        this.metrics = metrics;
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

    /** Links letters that carry our header, and the newest ones that do not, to the letters they were. */
    Future<Void> link() {
        return told(pool.withTransaction(connection -> connection
                .query(FORGET)
                .execute()
                .compose(forgotten -> find(connection, BY_HEADER, Tuple.tuple()))
                .compose(byHeader -> link(connection, byHeader)
                        .compose(linked -> find(connection, NEWEST, Tuple.tuple()))
                        .compose(newest -> link(connection, newest).map(linked -> topics(byHeader, newest))))));
    }

    /** Links letters whose origin is where one of these replays was sent. @param replays a bounded number */
    Future<Void> link(List<UUID> replays) {
        if (replays.isEmpty()) {
            return Future.succeededFuture();
        }
        var ids = Tuple.tuple().addArrayOfUUID(replays.toArray(UUID[]::new));
        return told(pool.withTransaction(connection -> find(connection, AT_PLACES, ids)
                .compose(found -> link(connection, found).map(linked -> topics(found, List.of())))));
    }

    private Future<Void> told(Future<List<String>> topics) {
        return topics.onSuccess(returned -> metrics.foundOut(returned, "returned"))
                .mapEmpty();
    }

    private static List<String> topics(List<Return> some, List<Return> more) {
        return Stream.concat(some.stream(), more.stream()).map(Return::topic).toList();
    }

    private static Future<List<Return>> find(SqlConnection connection, String sql, Tuple values) {
        return connection
                .preparedQuery(sql)
                .mapping(Return::from)
                .execute(values)
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
}
