package dev.redrive.retention;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Removes stack traces that no letter has any more, while ingest stores letters that may have one of them.
 *
 * <p>Ingest looks whether a trace is there and stores its letter later in the same transaction, so a look alone proves
 * nothing. Hence: delete, without committing. Whoever looks from now on waits for us and then stores the trace anew.
 * Whoever looked before has a transaction number by then ({@code LetterInsertStore} sees to it), so wait until all
 * that were under way have ended; then look for letters once more, and commit only if there is none. Whoever waits for
 * us does so for half a second at most, because then we give up until the next run.
 */
final class TraceStore {

    /** @param orphans of the traces of one page. @param last where to go on */
    record Page(List<Buffer> orphans, Buffer last, boolean end) {}

    private static final int PAGE = 500;
    private static final long POLL_MILLIS = 20;
    private static final long PATIENCE_NANOS = 500_000_000;

    private static final String ORPHANS = """
            SELECT t.hash, NOT EXISTS (SELECT FROM dead_letter d WHERE d.trace_hash = t.hash) AS orphan
            FROM (SELECT hash FROM stack_trace WHERE hash > $1 ORDER BY hash LIMIT $2) AS t ORDER BY t.hash""";

    private static final String DELETE = """
            DELETE FROM stack_trace WHERE hash = ANY (ARRAY (
              SELECT hash FROM stack_trace WHERE hash = ANY ($1) ORDER BY hash FOR UPDATE SKIP LOCKED))
            RETURNING hash""";

    /**
     * Taken after the deletion. Who has a transaction number holds a lock on it; a snapshot does not list those that came
     * after the last one that ended.
     */
    private static final String UNDER_WAY = """
            SELECT coalesce(array_agg(l.transactionid::text), '{}') AS numbers
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database()
            WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()""";

    private static final String ARE_OVER = """
            SELECT NOT EXISTS (
              SELECT FROM pg_locks
              WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted AND transactionid::text = ANY ($1))
              AS are_over""";

    private static final String IN_USE = """
            SELECT EXISTS (SELECT FROM dead_letter WHERE trace_hash = ANY ($1)) AS in_use""";

    private final Vertx vertx;
    private final RunStore runs;

    TraceStore(Vertx vertx, RunStore runs) {
        this.vertx = vertx;
        this.runs = runs;
    }

    /** @param after empty for the first page */
    Future<Page> page(Buffer after) {
        return runs.pool().preparedQuery(ORPHANS).execute(Tuple.of(after, PAGE)).map(rows -> {
            var orphans = rows.stream()
                    .filter(row -> row.getBoolean("orphan"))
                    .map(row -> row.getBuffer("hash"))
                    .toList();
            var last = rows.stream().map(row -> row.getBuffer("hash")).reduce(after, (before, hash) -> hash);
            return new Page(orphans, last, rows.size() < PAGE);
        });
    }

    /** @return how many are gone; none where somebody was too long about a transaction, or took one into use again */
    Future<Integer> remove(RunStore.Run run, List<Buffer> orphans) {
        return runs.limited(connection -> connection
                        .preparedQuery(DELETE)
                        .execute(hashes(orphans))
                        .compose(deleted -> unused(connection, orphans)
                                .compose(sure -> RunStore.count(connection, run.id(), none(run), deleted.rowCount()))
                                .map(counted -> deleted.rowCount())))
                .recover(failure ->
                        failure instanceof LaterException ? Future.succeededFuture(0) : Future.failedFuture(failure));
    }

    /** Fails with {@link LaterException} unless it is certain that no letter has one of them, now or in a moment. */
    private Future<Void> unused(SqlConnection connection, List<Buffer> deleted) {
        return connection
                .preparedQuery(UNDER_WAY)
                .execute()
                .compose(rows -> over(connection, rows.iterator().next().getArrayOfStrings("numbers")))
                .compose(over -> connection.preparedQuery(IN_USE).execute(hashes(deleted)))
                .compose(rows -> rows.iterator().next().getBoolean("in_use")
                        ? Future.failedFuture(new LaterException())
                        : Future.succeededFuture());
    }

    private static Long[] none(RunStore.Run run) {
        return run.rules().stream().map(rule -> 0L).toArray(Long[]::new);
    }

    private static Tuple hashes(List<Buffer> hashes) {
        return Tuple.tuple().addArrayOfBuffer(hashes.toArray(Buffer[]::new));
    }

    private Future<Void> over(SqlClient connection, String[] numbers) {
        var over = Promise.<Void>promise();
        over(connection, numbers, System.nanoTime() + PATIENCE_NANOS, over);
        return over.future();
    }

    private void over(SqlClient connection, String[] numbers, long deadline, Promise<Void> over) {
        connection
                .preparedQuery(ARE_OVER)
                .execute(Tuple.tuple().addArrayOfString(numbers))
                .map(rows -> rows.iterator().next().getBoolean("are_over"))
                .onFailure(over::fail)
                .onSuccess(done -> {
                    if (done) {
                        over.complete();
                    } else if (System.nanoTime() > deadline) {
                        over.fail(new LaterException());
                    } else {
                        vertx.setTimer(POLL_MILLIS, timer -> over(connection, numbers, deadline, over));
                    }
                });
    }

    /** Rolls the deletion back. */
    private static final class LaterException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LaterException() {
            super("The traces are removed another time", null, false, false);
        }
    }
}
