package dev.redrive.replay;

import dev.redrive.http.Times;
import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The SQL of {@code replay_job_exclusion}: failure groups in a job, and those that somebody left out of it. */
final class ExclusionStore {

    /**
     * Letters are given by id and states asked for as in {@link SendingStore}, for the reason that is given there. Of each kind
     * 20,000 are counted, so that a job of a million letters is asked as quickly as a small one.
     */
    private static final String TROUBLES = """
            WITH wrong AS (
              SELECT letter_id, replay_result(state, outcome) AS result FROM replay
              WHERE job_id = $1 AND replay_result(state, outcome) IN ('failed', 'returned', 'uncertain') LIMIT 20000),
            held AS (SELECT letter_id, 'held' AS result FROM replay WHERE job_id = $1 AND state = 'held' LIMIT 20000),
            letters AS MATERIALIZED (TABLE wrong UNION ALL TABLE held),
            counted AS (
              SELECT s.failure_group_id, count(*) FILTER (WHERE l.result = 'returned') AS returned,
                count(*) FILTER (WHERE l.result = 'failed') AS failed,
                count(*) FILTER (WHERE l.result = 'uncertain') AS uncertain,
                count(*) FILTER (WHERE l.result = 'held') AS held
              FROM letters l JOIN letter_state s ON s.letter_id = l.letter_id
              WHERE s.letter_id = ANY (ARRAY (SELECT letter_id FROM letters))
              GROUP BY 1 HAVING count(*) FILTER (WHERE l.result <> 'held') > 0)
            SELECT g.id AS group_id, g.title, g.message, coalesce(t.label, t.rule_label) AS label, c.returned, c.failed, c.uncertain, c.held,
              (SELECT count(*) FROM wrong) = 20000 OR (SELECT count(*) FROM held) = 20000 AS more
            FROM counted c JOIN failure_group g ON g.id = c.failure_group_id
              LEFT JOIN failure_group_state t ON t.failure_group_id = g.id
            ORDER BY c.returned + c.failed + c.uncertain DESC, g.id LIMIT 20""";

    /** One that was left out before is looked for again: letters may have been moved into it since. */
    private static final String ADD = """
            INSERT INTO replay_job_exclusion (job_id, failure_group_id, excluded_by)
            SELECT $1, id, $3 FROM failure_group WHERE id = $2
            ON CONFLICT (job_id, failure_group_id) DO UPDATE
            SET excluded_by = excluded.excluded_by, excluded_at = now(), next_above = 0, complete = false""";

    private static final String NEXT = """
            SELECT failure_group_id FROM replay_job_exclusion WHERE job_id = $1 AND NOT complete
            ORDER BY excluded_at LIMIT 1""";

    /**
     * What a lane has taken is finished; the rest was never sent, as in a cancellation. One turn looks at 2,000 letters of the
     * job, so that nobody waits long for what it holds.
     */
    static final String LEAVE_OUT = """
            WITH looked AS MATERIALIZED (
              SELECT r.id, r.letter_id FROM replay r
              WHERE r.job_id = $1
                AND r.letter_id > (SELECT next_above FROM replay_job_exclusion WHERE job_id = $1 AND failure_group_id = $2)
              ORDER BY r.letter_id LIMIT 2000),
            meant AS MATERIALIZED (
              SELECT letter_id FROM letter_state
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM looked)) AND (failure_group_id = $2) IS TRUE),
            mine AS (
              SELECT id FROM replay
              WHERE id = ANY (ARRAY (SELECT l.id FROM looked l JOIN meant m ON m.letter_id = l.letter_id))
                AND (state IN ('held', 'queued')) IS TRUE
              FOR UPDATE SKIP LOCKED),
            cancelled AS (
              UPDATE replay r SET state = 'cancelled', last_error = 'Left out with its failure group', settled_at = now(),
                updated_at = now()
              WHERE r.id = ANY (ARRAY (SELECT id FROM mine)) RETURNING r.letter_id, r.target_topic),
            opened AS (
              UPDATE letter_state SET status = 'open', version = version + 1, changed_at = now()
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM cancelled)) AND (status = 'replaying') IS TRUE),
            moved AS (
              UPDATE replay_job_exclusion SET letters = letters + (SELECT count(*) FROM cancelled),
                next_above = coalesce((SELECT max(letter_id) FROM looked), next_above),
                complete = (SELECT count(*) FROM looked) < 2000
              WHERE job_id = $1 AND failure_group_id = $2)
            SELECT target_topic, count(*) AS replays FROM cancelled GROUP BY 1""";

    private static final String TELL = "SELECT pg_notify($1, '{\"what\":\"letters\"}')";

    private static final String OF = """
            SELECT e.job_id, g.id AS group_id, g.title, g.message, coalesce(t.label, t.rule_label) AS label, e.letters, e.complete, e.excluded_by, e.excluded_at
            FROM replay_job_exclusion e JOIN failure_group g ON g.id = e.failure_group_id
              LEFT JOIN failure_group_state t ON t.failure_group_id = g.id
            WHERE e.job_id = ANY ($1) ORDER BY e.excluded_at""";

    private ExclusionStore() {}

    /** @return the contract's JobGroup: failure groups of which letters did not go well, the worst first, 20 at most */
    static Future<JsonArray> troubles(SqlClient client, UUID job) {
        return client.preparedQuery(TROUBLES)
                .mapping(row -> new JsonObject()
                        .put("failureGroup", name(row))
                        .put("returned", row.getLong("returned"))
                        .put("failed", row.getLong("failed"))
                        .put("uncertain", row.getLong("uncertain"))
                        .put("held", row.getLong("held"))
                        .put("relation", row.getBoolean("more") ? "gte" : "eq"))
                .execute(Tuple.of(job))
                .map(rows -> new JsonArray(rows.stream().toList()));
    }

    /** @return false where there is no such failure group */
    static Future<Boolean> add(SqlConnection connection, UUID job, long failureGroup, String actor) {
        return connection
                .preparedQuery(ADD)
                .execute(Tuple.of(job, failureGroup, actor))
                .map(added -> added.rowCount() > 0);
    }

    /** @return the one whose letters are still to be left out, empty for none */
    static Future<Optional<Long>> next(SqlConnection connection, UUID job) {
        return connection
                .preparedQuery(NEXT)
                .execute(Tuple.of(job))
                .map(rows -> rows.stream().findFirst().map(row -> row.getLong("failure_group_id")));
    }

    /** A bounded part of it. */
    static Future<Void> leaveOut(SqlConnection connection, UUID job, long failureGroup, ReplayMetrics metrics) {
        return connection
                .preparedQuery(LEAVE_OUT)
                .execute(Tuple.of(job, failureGroup))
                .onSuccess(rows -> rows.forEach(
                        row -> metrics.cancelled(connection, row.getString("target_topic"), row.getLong("replays"))))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture()
                        : connection
                                .preparedQuery(TELL)
                                .execute(Tuple.of(Database.CHANGED))
                                .mapEmpty());
    }

    /** @return by job the contract's JobExclusion, the first one first */
    static Future<Map<UUID, JsonArray>> of(SqlClient client, List<UUID> jobs) {
        return client.preparedQuery(OF)
                .execute(Tuple.tuple().addArrayOfUUID(jobs.toArray(UUID[]::new)))
                .map(rows -> {
                    var found = new HashMap<UUID, JsonArray>();
                    rows.forEach(row -> found.computeIfAbsent(row.getUUID("job_id"), job -> new JsonArray())
                            .add(exclusion(row)));
                    return Map.copyOf(found);
                });
    }

    private static JsonObject exclusion(Row row) {
        return new JsonObject()
                .put("failureGroup", name(row))
                .put("letters", row.getLong("letters"))
                .put("complete", row.getBoolean("complete"))
                .put("excludedBy", row.getString("excluded_by"))
                .put("excludedAt", Times.rfc3339(row.getOffsetDateTime("excluded_at")));
    }

    private static JsonObject name(Row row) {
        return new JsonObject()
                .put("id", Long.toString(row.getLong("group_id")))
                .put("title", row.getString("title"))
                .put("label", row.getString("label"))
                .put("message", row.getString("message"));
    }
}
