package dev.redrive.replay;

import dev.redrive.replay.ReplayProgress.Stage;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code replay_job}: all but {@link #progress} belongs to a transaction that holds the row of the job. */
final class ReplayJobStore {

    private static final String BEGIN = """
            INSERT INTO replay_job (job_id) VALUES ($1) ON CONFLICT (job_id) DO NOTHING""";

    private static final String SUMS = """
            coalesce(sum(letters) FILTER (WHERE result = 'held'), 0) AS held,
            coalesce(sum(letters) FILTER (WHERE result = 'queued'), 0) AS queued,
            coalesce(sum(letters) FILTER (WHERE result = 'sending'), 0) AS sending,
            coalesce(sum(letters) FILTER (WHERE result = 'sent'), 0) AS sent,
            coalesce(sum(letters) FILTER (WHERE result = 'recovered'), 0) AS recovered,
            coalesce(sum(letters) FILTER (WHERE result = 'returned'), 0) AS returned,
            coalesce(sum(letters) FILTER (WHERE result = 'failed'), 0) AS failed,
            coalesce(sum(letters) FILTER (WHERE result = 'uncertain'), 0) AS uncertain,
            coalesce(sum(letters) FILTER (WHERE result = 'cancelled'), 0) AS cancelled, count(*) > 0 AS moved""";

    /** Adds up what changed since the last turn. What another transaction is just adding comes in the next one. */
    private static final String ADD_UP = """
            WITH changed AS (DELETE FROM replay_job_change WHERE job_id = $1 RETURNING result, letters),
            s AS (SELECT %s FROM changed)
            UPDATE replay_job j SET held = j.held + s.held, queued = j.queued + s.queued,
              sending = j.sending + s.sending, sent = j.sent + s.sent, recovered = j.recovered + s.recovered,
              returned = j.returned + s.returned, failed = j.failed + s.failed,
              uncertain = j.uncertain + s.uncertain, cancelled = j.cancelled + s.cancelled
            FROM s WHERE j.job_id = $1
            RETURNING j.*, s.moved, now() AS now""".formatted(SUMS);

    private static final String PROGRESS = """
            SELECT j.job_id, j.stage, j.held + s.held AS held, j.queued + s.queued AS queued,
              j.sending + s.sending AS sending, j.sent + s.sent AS sent, j.recovered + s.recovered AS recovered,
              j.returned + s.returned AS returned, j.failed + s.failed AS failed,
              j.uncertain + s.uncertain AS uncertain, j.cancelled + s.cancelled AS cancelled, j.let_go_at, j.stage_since,
              j.forgiven_recovered, j.forgiven_returned, j.forgiven_failed, j.lag_group, j.lag_topic, j.lag, j.lag_least,
              j.lag_fell_at, j.paced_at, j.paced, j.pace, now() AS now
            FROM replay_job j
              CROSS JOIN LATERAL (SELECT %s FROM replay_job_change c WHERE c.job_id = j.job_id) AS s
            WHERE j.job_id = ANY ($1)""".formatted(SUMS);

    private static final String UNANSWERED = """
            SELECT count(*) AS letters FROM replay
            WHERE job_id = $1 AND state = 'done' AND outcome = 'sent' AND look_at IS NOT NULL""";

    /** What was settled before says nothing about how fast it goes from now on. */
    private static final String COUNT_ANEW = """
            paced_at = now(), pace = NULL, paced = sent + recovered + returned + failed + uncertain""";

    private static final String STAGE = """
            UPDATE replay_job SET stage = $2, stage_since = now(), %s WHERE job_id = $1""".formatted(COUNT_ANEW);

    private static final String COUNTED =
            "UPDATE replay_job SET paced_at = now(), paced = $2, pace = $3 WHERE job_id = $1";

    private static final String USED = "UPDATE replay_job SET let_go_at = $2 WHERE job_id = $1";

    /** A canary that went wrong, and that somebody looked at, is over; one that was only paused goes on. */
    private static final String FORGIVE = """
            UPDATE replay_job SET forgiven_recovered = recovered, forgiven_returned = returned, forgiven_failed = failed,
              lag_group = NULL, lag_topic = NULL, lag = NULL, lag_least = NULL, lag_fell_at = NULL,
              stage_since = CASE WHEN stage = 'canary' THEN now() ELSE stage_since END,
              stage = CASE WHEN stage = 'canary' AND returned + failed + uncertain > 0 THEN 'sending' ELSE stage END, %s
            WHERE job_id = $1""".formatted(COUNT_ANEW);

    /** New places in the queue, in the order of the origin, for those that are due. */
    private static final String LET_GO = """
            WITH due AS MATERIALIZED (
              SELECT h.id, h.order_offset, h.letter_id FROM replay h WHERE h.job_id = $1 AND h.state = 'held' AND %s
              ORDER BY h.order_offset, h.letter_id LIMIT $2 FOR UPDATE OF h SKIP LOCKED),
            numbered AS (SELECT id, row_number() OVER (ORDER BY order_offset, letter_id) AS no FROM due),
            places AS (
              SELECT array_agg(place ORDER BY place) AS taken
              FROM (SELECT nextval((SELECT pg_get_serial_sequence('replay', 'seq'))) AS place FROM due) AS free)
            UPDATE replay r SET state = 'queued', seq = places.taken[numbered.no], not_before = now(),
              next_try_at = now(), updated_at = now()
            FROM numbered CROSS JOIN places WHERE r.id = numbered.id
            RETURNING r.lane""";

    private static final String NEXT = LET_GO.formatted("true");

    /**
     * Only the earliest of each key that is on its way nowhere. One that failed is in the way for as long as its letter
     * is open: who replays it by hand or discards it lets the others go.
     */
    private static final String NEXT_STRICT = LET_GO.formatted("""
            (h.order_key IS NULL OR NOT EXISTS (
              SELECT FROM replay e WHERE e.job_id = $1 AND e.order_key = h.order_key
                AND (e.order_offset, e.letter_id) < (h.order_offset, h.letter_id)
                AND (e.state IN ('held', 'queued', 'sending', 'uncertain') OR e.state = 'failed' AND EXISTS (
                  SELECT FROM letter_state s WHERE s.letter_id = e.letter_id AND s.status = 'open'))))""");

    /**
     * For the rest of the transaction. What is let go is read in the order of its index, each letter looked up by itself, and
     * no further than it is wanted; to sort or to hash would read all that the job holds, which looks cheap to a planner that
     * counts what was there minutes ago.
     */
    private static final String ONE_BY_ONE = """
            SELECT set_config('enable_sort', 'off', true), set_config('enable_hashjoin', 'off', true),
              set_config('enable_mergejoin', 'off', true)""";

    private static final String RING =
            "SELECT pg_notify('" + LaneBell.CHANNEL + "', lane::text) FROM unnest($1::integer[]) AS lane";

    /** What a lane has taken is finished; the rest was never sent. */
    static final String CANCEL = """
            WITH mine AS (
              SELECT id FROM replay WHERE job_id = $1 AND state IN ('held', 'queued')
              ORDER BY letter_id LIMIT $2 FOR UPDATE SKIP LOCKED),
            cancelled AS (
              UPDATE replay r SET state = 'cancelled', settled_at = now(), updated_at = now()
              WHERE r.id = ANY (ARRAY (SELECT id FROM mine)) RETURNING r.letter_id, r.target_topic),
            opened AS (
              UPDATE letter_state SET status = 'open', version = version + 1, changed_at = now()
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM cancelled)) AND (status = 'replaying') IS TRUE)
            SELECT target_topic, count(*) AS replays FROM cancelled GROUP BY 1""";

    private static final String AIM = """
            INSERT INTO replay_job_target (job_id, cluster_id, topic, consumer_group)
            SELECT DISTINCT $1::uuid, n.cluster_id, n.topic, coalesce(n.consumer_group, '')
            FROM unnest($2::smallint[], $3::text[], $4::text[]) AS n (cluster_id, topic, consumer_group)
            ON CONFLICT DO NOTHING""";

    private static final String AIMS = """
            SELECT c.name AS cluster, t.topic, t.consumer_group
            FROM replay_job_target t JOIN cluster c ON c.id = t.cluster_id WHERE t.job_id = $1 LIMIT %d""".formatted(LagWatch.MOST_AIMS + 1);

    private static final String WAIT = """
            UPDATE replay_job SET lag_group = $2, lag_topic = $3, lag = $4, lag_least = least(lag_least, $4),
              lag_fell_at = CASE WHEN lag_least IS NULL OR $4 < lag_least THEN now() ELSE lag_fell_at END
            WHERE job_id = $1""";

    private static final String WAIT_NO_MORE = """
            UPDATE replay_job SET lag_group = NULL, lag_topic = NULL, lag = NULL, lag_least = NULL, lag_fell_at = NULL
            WHERE job_id = $1""";

    private static final String HOLDS = """
            SELECT EXISTS (SELECT FROM replay WHERE job_id = $1 AND state IN ('held', 'queued')) AS more""";

    private ReplayJobStore() {}

    /** @param moved whether anything changed since the turn before */
    record Turn(ReplayProgress progress, boolean moved) {}

    static Future<Void> begin(SqlConnection connection, UUID job) {
        return connection.preparedQuery(BEGIN).execute(Tuple.of(job)).mapEmpty();
    }

    static Future<Turn> addUp(SqlConnection connection, UUID job) {
        return connection.preparedQuery(ADD_UP).execute(Tuple.of(job)).map(rows -> {
            var row = rows.iterator().next();
            return new Turn(ReplayProgress.from(row), row.getBoolean("moved"));
        });
    }

    /** @return by id; without those that no letter was gathered for */
    static Future<Map<UUID, ReplayProgress>> progress(SqlClient client, List<UUID> jobs) {
        return client.preparedQuery(PROGRESS)
                .mapping(ReplayProgress::from)
                .execute(Tuple.tuple().addArrayOfUUID(jobs.toArray(UUID[]::new)))
                .map(rows -> {
                    var found = new HashMap<UUID, ReplayProgress>();
                    rows.forEach(each -> found.put(each.jobId(), each));
                    return Map.copyOf(found);
                });
    }

    /** Replays that were sent and whose outcome may still become known. */
    static Future<Long> unanswered(SqlConnection connection, UUID job) {
        return connection
                .preparedQuery(UNANSWERED)
                .execute(Tuple.of(job))
                .map(rows -> rows.iterator().next().getLong("letters"));
    }

    static Future<Void> enter(SqlConnection connection, UUID job, Stage stage) {
        return connection
                .preparedQuery(STAGE)
                .execute(Tuple.of(job, stage.word()))
                .mapEmpty();
    }

    /** @param settled letters so far; @param rate of them a second since they were counted last */
    static Future<Void> counted(SqlConnection connection, UUID job, long settled, double rate) {
        return connection
                .preparedQuery(COUNTED)
                .execute(Tuple.of(job, settled, rate))
                .mapEmpty();
    }

    static Future<Void> forgive(SqlConnection connection, UUID job) {
        return connection.preparedQuery(FORGIVE).execute(Tuple.of(job)).mapEmpty();
    }

    /** @return how many go; fewer than asked for where the others have to wait for an earlier one of their key */
    static Future<Integer> letGo(
            SqlConnection connection, UUID job, int letters, OffsetDateTime usedUpTo, boolean strict) {
        return connection
                .query(ONE_BY_ONE)
                .execute()
                .compose(set ->
                        connection.preparedQuery(strict ? NEXT_STRICT : NEXT).execute(Tuple.of(job, letters)))
                .compose(rows -> {
                    var lanes = rows.stream().map(row -> row.getInteger("lane")).distinct();
                    return connection
                            .preparedQuery(RING)
                            .execute(Tuple.tuple().addArrayOfInteger(lanes.toArray(Integer[]::new)))
                            .compose(rung -> connection.preparedQuery(USED).execute(Tuple.of(job, usedUpTo)))
                            .map(rows.size());
                });
    }

    /** Remembers where letters of the job go. */
    static Future<Void> aim(SqlConnection connection, UUID job, List<GatherStore.Held> held) {
        if (held.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(AIM)
                .execute(Tuple.of(job)
                        .addValue(held.stream()
                                .map(each -> each.letter().clusterId())
                                .toArray(Short[]::new))
                        .addValue(held.stream().map(each -> each.topic().name()).toArray(String[]::new))
                        .addValue(held.stream().map(GatherStore.Held::watched).toArray(String[]::new)))
                .mapEmpty();
    }

    /** @return where the letters of the job go; one more than {@link LagWatch#MOST_AIMS} at most */
    static Future<List<LagWatch.Aim>> aims(SqlConnection connection, UUID job) {
        return connection
                .preparedQuery(AIMS)
                .mapping(row -> new LagWatch.Aim(
                        row.getString("cluster"), row.getString("topic"), row.getString("consumer_group")))
                .execute(Tuple.of(job))
                .map(rows -> rows.stream().toList());
    }

    /** @param lag null where nobody is waited for any more */
    static Future<Void> waits(SqlConnection connection, UUID job, LagWatch.@Nullable Lag lag) {
        var query = connection.preparedQuery(lag == null ? WAIT_NO_MORE : WAIT);
        return query.execute(lag == null ? Tuple.of(job) : Tuple.of(job, lag.group(), lag.topic(), lag.letters()))
                .mapEmpty();
    }

    /** @return whether there is more to cancel */
    static Future<Boolean> cancel(SqlConnection connection, UUID job, int letters, ReplayMetrics metrics) {
        return connection
                .preparedQuery(CANCEL)
                .execute(Tuple.of(job, letters))
                .onSuccess(rows -> rows.forEach(
                        row -> metrics.cancelled(connection, row.getString("target_topic"), row.getLong("replays"))))
                .compose(cancelled -> connection.preparedQuery(HOLDS).execute(Tuple.of(job)))
                .map(rows -> rows.iterator().next().getBoolean("more"));
    }
}
