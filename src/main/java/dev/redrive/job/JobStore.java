package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code job} as people see it: orders, lists, pauses. The engine's is in {@link BatchStore}. */
final class JobStore {

    /** What is ordered; the rest follows from it. */
    record NewJob(JobOrder order, Scope scope, long total, boolean totalExact, JobStart start) {}

    /**
     * @param result {@code done}, {@code skipped} or {@code failed}; of a replay what became of it
     * @param replayId null where nothing was sent or was to be
     */
    record Item(
            long letterId,
            String result,
            @Nullable String detail,
            @Nullable UUID replayId,
            OffsetDateTime at) {

        static Item from(Row row) {
            return new Item(
                    row.getLong("letter_id"),
                    row.getString("result"),
                    row.getString("detail"),
                    row.getUUID("replay_id"),
                    row.getOffsetDateTime("at"));
        }
    }

    static final String COLUMNS = "j.*, frozen_snapshot::text AS snapshot, now() AS as_of, "
            + "(SELECT u.id FROM job u WHERE u.undoes = j.id) AS undone_by, "
            + "(SELECT array_agg(u.id ORDER BY u.seq) FROM job u WHERE u.retry_of = j.id) AS retried_by";

    private static final String ORDER = """
            INSERT INTO job AS j (id, type, state, q, frozen_q, ids, watermark, frozen_at, undoes, options, reason,
              requested_by, request_id, total, total_exact, next_below, not_before, caller, frozen_snapshot,
              retry_of, retry_results, state_reason)
            SELECT $1, $2, CASE WHEN $22 THEN 'paused' WHEN begin > now() THEN 'scheduled' ELSE 'running' END, $3, $4, $5, $6, $7, $8,
              $9, $10, $11, $12, $13, $14, $15, begin, $17, $18::text::pg_snapshot,
              $20, $21, CASE WHEN $22 THEN 'It was ordered to start paused; resume it to begin' END
            FROM (SELECT coalesce($16, now() + make_interval(secs => $19)) AS begin) AS start
            RETURNING %s""".formatted(COLUMNS);

    private static final String FIND = "SELECT %s FROM job j WHERE j.id = $1".formatted(COLUMNS);

    private static final String HOLD = FIND + " FOR UPDATE OF j";

    private static final String PAGE = """
            SELECT %s FROM job j
            WHERE j.seq < $1 AND ($2::text IS NULL OR j.state = ANY (string_to_array($2, ',')))
              AND ($3::text IS NULL OR j.type = $3)
            ORDER BY j.seq DESC LIMIT $4""".formatted(COLUMNS);

    private static final String ITEMS = """
            SELECT * FROM (
              SELECT i.letter_id, coalesce(replay_result(r.state, r.outcome), i.result) AS result,
                coalesce(i.detail, r.last_error) AS detail, r.id AS replay_id, coalesce(r.updated_at, i.at) AS at
              FROM job_item i LEFT JOIN replay r ON r.job_id = i.job_id AND r.letter_id = i.letter_id
              WHERE i.job_id = $1 AND i.letter_id < $2) AS item
            WHERE $3::text IS NULL OR result = $3
            ORDER BY letter_id DESC LIMIT $4""";

    /** Waits for the batch in hand, which holds the row. What had not begun yet is scheduled again. */
    private static final String MOVE = """
            UPDATE job AS j SET version = version + 1,
              state = CASE WHEN $3 = 'running' AND started_at IS NULL AND not_before > now() THEN 'scheduled' ELSE $3 END,
              state_reason = CASE WHEN $3 = 'cancelled' AND NOT $6
                THEN done || ' letters were changed before it was cancelled' || coalesce(': ' || $4, '') ELSE $4 END,
              failures = 0, clearing = $3 = 'cancelled' AND $6, next_turn_at = now(), finished_at = CASE WHEN $5 THEN now() ELSE finished_at END
            WHERE j.id = $1 AND j.state = ANY ($2)
            RETURNING %s""".formatted(COLUMNS);

    private static final String CHANGE = """
            UPDATE job AS j SET options = $2, version = version + 1, next_turn_at = now()
            WHERE j.id = $1 AND j.state IN ('scheduled', 'running', 'paused')
            RETURNING %s""".formatted(COLUMNS);

    private static final String TELL =
            "SELECT pg_notify('redrive_changed', json_build_object('what', 'jobs', 'ids', json_build_array($1::text))::text)";

    private final Pool pool;

    JobStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    Future<Job> order(SqlConnection connection, NewJob job, String requestId) {
        var order = job.order();
        var scope = job.scope();
        var ids = scope.ids();
        var retry = order.retry();
        return connection
                .preparedQuery(ORDER)
                .mapping(Job::from)
                .execute(Tuple.of(order.id(), order.type(), scope.q(), scope.frozenQ())
                        .addArrayOfLong(ids == null ? null : ids.toArray(Long[]::new))
                        .addLong(scope.watermark())
                        .addOffsetDateTime(scope.frozenAt())
                        .addUUID(order.undoes())
                        .addJsonObject(order.options())
                        .addString(order.reason())
                        .addString(order.actor())
                        .addString(requestId)
                        .addLong(job.total())
                        .addBoolean(job.totalExact())
                        .addLong(scope.watermark() + 1)
                        .addOffsetDateTime(job.start().notBefore())
                        .addString(scope.caller())
                        .addString(scope.snapshot())
                        .addDouble(job.start().delay().toMillis() / 1000.0)
                        .addUUID(retry == null ? null : retry.job())
                        .addArrayOfString(retry == null ? null : retry.results().toArray(String[]::new))
                        .addBoolean(job.start().paused()))
                .map(rows -> rows.iterator().next())
                .compose(ordered -> tell(connection, order.id()).map(ordered));
    }

    static Future<Void> tell(SqlClient client, UUID id) {
        return client.preparedQuery(TELL).execute(Tuple.of(id.toString())).mapEmpty();
    }

    Future<Optional<Job>> find(UUID id) {
        return pool.preparedQuery(FIND)
                .mapping(Job::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** As it is, and stays until the transaction ends; waits for the batch in hand. */
    static Future<Optional<Job>> hold(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery(HOLD)
                .mapping(Job::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** @param states joined by commas; null for every state */
    Future<List<Job>> page(long beforeSeq, @Nullable String states, @Nullable String type, int limit) {
        return pool.preparedQuery(PAGE)
                .mapping(Job::from)
                .execute(Tuple.of(beforeSeq, states, type, limit))
                .map(rows -> rows.stream().toList());
    }

    /** @param result null for every result; @return highest letter first */
    Future<List<Item>> items(UUID job, long below, @Nullable String result, int limit) {
        return pool.preparedQuery(ITEMS)
                .mapping(Item::from)
                .execute(Tuple.of(job, below, result, limit))
                .map(rows -> rows.stream().toList());
    }

    /**
     * @param clears whether the work has something to let go after a cancellation
     * @return empty where the job is in none of these states
     */
    Future<Optional<Job>> move(
            SqlConnection connection,
            UUID id,
            List<Job.State> from,
            Job.State to,
            @Nullable String why,
            boolean clears) {
        var states = from.stream().map(Job.State::word).toArray(String[]::new);
        return connection
                .preparedQuery(MOVE)
                .mapping(Job::from)
                .execute(Tuple.of(id)
                        .addArrayOfString(states)
                        .addString(to.word())
                        .addString(why)
                        .addBoolean(to.isFinal())
                        .addBoolean(clears))
                .map(rows -> rows.stream().findFirst())
                .compose(moved -> tell(connection, id).map(moved));
    }

    /** @return empty where the job has ended */
    Future<Optional<Job>> change(SqlConnection connection, UUID id, JsonObject options) {
        return connection
                .preparedQuery(CHANGE)
                .mapping(Job::from)
                .execute(Tuple.of(id, options))
                .map(rows -> rows.stream().findFirst())
                .compose(changed -> tell(connection, id).map(changed));
    }

    /** Facts of a job for the audit. */
    static JsonObject facts(Job job) {
        var options = job.order().options();
        return new JsonObject()
                // What is sent differs from what is stored, so the audit says how.
                .mergeIn(
                        options.getValue("transform") == null
                                ? new JsonObject()
                                : new JsonObject().put("transform", options.getValue("transform")))
                .put("type", job.order().type())
                .put("q", job.scope().q())
                .put("total", job.total())
                .put("done", job.done())
                .put("skipped", job.skipped())
                .put("failed", job.failed());
    }
}
