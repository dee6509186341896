package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of the engine. All of it belongs to the transaction of one batch. */
final class BatchStore {

    static final int MOST_FAILURES = 10;

    /** Held until the batch is committed: no other process works on the job meanwhile, and a dead one lets go of it. */
    private static final String TAKE = """
            SELECT %s FROM job j
            WHERE (j.state IN ('scheduled', 'running') OR j.clearing) AND (j.not_before <= now() OR j.clearing)
              AND j.next_turn_at <= now()
            ORDER BY j.served_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED""".formatted(JobStore.COLUMNS);

    /**
     * A lease on the database's clock: the server ends a transaction whose owner is silent for this long, and with it the
     * hold on the job. An owner that was only paused finds its connection gone, so a lost batch is never committed.
     */
    private static final String LEASE = "SELECT set_config('idle_in_transaction_session_timeout', $1, true)";

    private static final String TAKE_AGAIN = """
            SELECT 1 FROM job WHERE id = $1 AND version = $2 AND (state IN ('scheduled', 'running') OR clearing) FOR UPDATE""";

    private static final String LOCK = """
            SELECT s.letter_id, s.version, s.status, s.changed_at, was_visible(s.xmin, $2::text::pg_snapshot) AS same
            FROM letter_state s WHERE s.letter_id = ANY ($1) ORDER BY s.letter_id FOR UPDATE""";

    private static final String UNDO = """
            SELECT letter_id FROM job_item
            WHERE job_id = $1 AND result = 'done' AND letter_id < $2 ORDER BY letter_id DESC LIMIT $3""";

    /** A letter of which something was put back is as it was before that was done; so undos follow one another. */
    private static final String AS_LEFT = """
            WITH RECURSIVE same (letter_id, version) AS (
              SELECT letter_id, version FROM unnest($1::bigint[], $2::integer[]) AS now (letter_id, version)
              UNION ALL
              SELECT s.letter_id, done.version - 1
              FROM same s
              JOIN job_item back ON back.letter_id = s.letter_id AND back.version = s.version AND back.result = 'done'
              JOIN job j ON j.id = back.job_id
              JOIN job_item done ON done.job_id = j.undoes AND done.letter_id = s.letter_id)
            SELECT s.letter_id FROM same s JOIN job_item i ON i.letter_id = s.letter_id AND i.version = s.version
            WHERE i.job_id = $3""";

    private static final String ITEMS = """
            INSERT INTO job_item (job_id, letter_id, result, detail, before, version)
            SELECT $1, letter_id, result, detail, before, version
            FROM unnest($2::bigint[], $3::text[], $4::text[], $5::jsonb[], $6::integer[])
              AS item (letter_id, result, detail, before, version)
            ON CONFLICT (job_id, letter_id) DO NOTHING""";

    private static final String ADVANCE = """
            UPDATE job AS j SET state = $2, next_below = $3, done = done + $4, skipped = skipped + $5, failed = failed + $6,
              version = version + 1, failures = greatest(failures - 1, 0), state_reason = NULL, served_at = clock_timestamp(),
              started_at = coalesce(started_at, now()), finished_at = CASE WHEN $7 THEN now() END, gathered = $8
            WHERE j.id = $1
            RETURNING %s""".formatted(JobStore.COLUMNS);

    private static final String TELL_LETTERS = "SELECT pg_notify('redrive_changed', '{\"what\":\"letters\"}')";

    /** Waits longer each time, and in the end comes to the state it is given. */
    private static final String FAIL = """
            UPDATE job AS j SET failures = failures + 1, state_reason = $2, version = version + 1, served_at = clock_timestamp(),
              next_turn_at = now() + make_interval(secs => least(30, 0.1 * power(2, least(failures, 10)))),
              state = CASE WHEN failures + 1 >= $3 AND NOT clearing THEN $4 ELSE state END,
              finished_at = CASE WHEN failures + 1 >= $3 AND NOT clearing AND $4 = 'failed' THEN now() END
            WHERE j.id = $1 AND (state IN ('scheduled', 'running') OR clearing)
            RETURNING %s""".formatted(JobStore.COLUMNS);

    /** A job that only waits is not written anew, so that nobody takes it for changed. */
    private static final String AGAIN = """
            UPDATE job SET next_turn_at = clock_timestamp() + make_interval(secs => $2), served_at = clock_timestamp(),
              version = version + CASE WHEN $3 THEN 1 ELSE 0 END, failures = 0, state = 'running',
              state_reason = CASE WHEN $3 THEN NULL ELSE state_reason END,
              done = coalesce($4, done), skipped = coalesce($5, skipped)
            WHERE id = $1""";

    private static final String STOP = """
            UPDATE job AS j SET state = $2, state_reason = $3, version = version + 1, failures = 0,
              finished_at = CASE WHEN $4 THEN now() END, done = coalesce($5, done), skipped = coalesce($6, skipped)
            WHERE j.id = $1
            RETURNING %s""".formatted(JobStore.COLUMNS);

    private static final String CLEARED = """
            UPDATE job SET clearing = $2, version = version + 1, served_at = clock_timestamp() WHERE id = $1""";

    private final Pool pool;
    private final Duration lease;

    /** @param lease how long a process may be silent inside a batch before another one takes the job */
    BatchStore(Pool pool, Duration lease) {
        this.pool = pool;
        this.lease = lease;
    }

    Pool pool() {
        return pool;
    }

    Future<Optional<Job>> take(SqlConnection connection) {
        return connection
                .preparedQuery(LEASE)
                .execute(Tuple.of(Long.toString(lease.toMillis())))
                .compose(set -> connection.query(TAKE).mapping(Job::from).execute())
                .map(rows -> rows.stream().findFirst());
    }

    /** @return whether the job is as it was when a batch of it failed; then it is held again */
    Future<Boolean> takeAgain(SqlConnection connection, UUID job, int version) {
        return connection
                .preparedQuery(TAKE_AGAIN)
                .execute(Tuple.of(job, version))
                .map(rows -> rows.size() == 1);
    }

    /** @param snapshot of the scope, by which each letter says whether it is as it was */
    Future<List<LockedLetter>> lock(SqlConnection connection, List<Long> ids, String snapshot) {
        return ids.isEmpty()
                ? Future.succeededFuture(List.of())
                : connection
                        .preparedQuery(LOCK)
                        .mapping(LockedLetter::from)
                        .execute(Tuple.tuple()
                                .addArrayOfLong(ids.toArray(Long[]::new))
                                .addString(snapshot))
                        .map(rows -> rows.stream().toList());
    }

    /** @return what the job changed, highest letter first */
    Future<List<Long>> changed(SqlConnection connection, UUID undone, long below, int limit) {
        return connection
                .preparedQuery(UNDO)
                .execute(Tuple.of(undone, below, limit))
                .map(BatchStore::letters);
    }

    /** @return those of the letters that are as the job left them */
    Future<Set<Long>> asLeft(SqlConnection connection, UUID job, List<LockedLetter> letters) {
        return connection
                .preparedQuery(AS_LEFT)
                .execute(Tuple.tuple()
                        .addArrayOfLong(letters.stream().map(LockedLetter::id).toArray(Long[]::new))
                        .addArrayOfInteger(
                                letters.stream().map(LockedLetter::version).toArray(Integer[]::new))
                        .addUUID(job))
                .map(rows -> Set.copyOf(letters(rows)));
    }

    private static List<Long> letters(RowSet<Row> rows) {
        return rows.stream().map(row -> row.getLong("letter_id")).toList();
    }

    Future<Void> keep(SqlConnection connection, UUID job, Work.Outcome outcome) {
        var ids = new ArrayList<Long>();
        var results = new ArrayList<String>();
        var details = new ArrayList<@Nullable String>();
        var before = new ArrayList<@Nullable JsonObject>();
        var versions = new ArrayList<@Nullable Integer>();
        for (var done : outcome.done()) {
            ids.add(done.letterId());
            results.add("done");
            details.add(null);
            before.add(done.before());
            versions.add(done.version());
        }
        for (var left : outcome.left()) {
            ids.add(left.letterId());
            results.add(left.failed() ? "failed" : "skipped");
            details.add(left.why());
            before.add(null);
            versions.add(null);
        }
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(ITEMS)
                .execute(Tuple.of(job)
                        .addArrayOfLong(ids.toArray(Long[]::new))
                        .addArrayOfString(results.toArray(String[]::new))
                        .addArrayOfString(details.toArray(String[]::new))
                        .addArrayOfJsonObject(before.toArray(JsonObject[]::new))
                        .addArrayOfInteger(versions.toArray(Integer[]::new)))
                .mapEmpty();
    }

    /** @param gathered whether every letter had its turn and the work goes on without them */
    Future<Job> advance(
            SqlConnection connection,
            Job job,
            long nextBelow,
            Work.Outcome outcome,
            Job.State state,
            boolean gathered) {
        long failed = outcome.left().stream().filter(Work.Left::failed).count();
        return connection
                .preparedQuery(ADVANCE)
                .mapping(Job::from)
                .execute(Tuple.of(job.order().id(), state.word(), nextBelow)
                        .addLong((long) outcome.done().size())
                        .addLong(outcome.left().size() - failed)
                        .addLong(failed)
                        .addBoolean(state.isFinal())
                        .addBoolean(gathered))
                .map(rows -> rows.iterator().next())
                .compose(advanced -> JobStore.tell(connection, job.order().id())
                        .compose(told -> connection.query(TELL_LETTERS).execute())
                        .map(advanced));
    }

    /** The next turn of a job that goes on. */
    Future<Void> again(SqlConnection connection, UUID job, Work.Again again) {
        return connection
                .preparedQuery(AGAIN)
                .execute(counted(Tuple.of(job, again.pause().toMillis() / 1_000.0, again.moved()), again.counted()))
                .compose(done -> again.moved() ? JobStore.tell(connection, job) : Future.succeededFuture());
    }

    /** @param counted null where the batches counted; as in {@link Work.Again} */
    private static Tuple counted(Tuple values, Work.@Nullable Counted counted) {
        return values.addLong(counted == null ? null : counted.done())
                .addLong(counted == null ? null : counted.skipped());
    }

    /**
     * @param state paused, or one that ends it
     * @param counted null where the batches counted
     */
    Future<Job> stop(
            SqlConnection connection, UUID job, Job.State state, @Nullable String why, Work.@Nullable Counted counted) {
        return connection
                .preparedQuery(STOP)
                .mapping(Job::from)
                .execute(counted(Tuple.of(job, state.word(), why, state.isFinal()), counted))
                .map(rows -> rows.iterator().next())
                .compose(stopped -> JobStore.tell(connection, job).map(stopped));
    }

    /** @param more whether there is more to let go */
    Future<Void> cleared(SqlConnection connection, UUID job, boolean more) {
        return connection
                .preparedQuery(CLEARED)
                .execute(Tuple.of(job, more))
                .compose(cleared -> JobStore.tell(connection, job))
                .compose(told -> connection.query(TELL_LETTERS).execute())
                .mapEmpty();
    }

    /**
     * The next batch comes later and is smaller.
     *
     * @param inTheEnd what the job is when it failed {@link #MOST_FAILURES} times
     */
    Future<Job> fail(SqlConnection connection, UUID job, String why, Job.State inTheEnd) {
        return connection
                .preparedQuery(FAIL)
                .mapping(Job::from)
                .execute(Tuple.of(job, why, MOST_FAILURES, inTheEnd.word()))
                .map(rows -> rows.iterator().next())
                .compose(failed -> JobStore.tell(connection, job).map(failed));
    }
}
