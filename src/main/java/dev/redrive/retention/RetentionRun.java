package dev.redrive.retention;

import dev.redrive.letter.Status;
import dev.redrive.retention.DueStore.Due;
import dev.redrive.retention.RunStore.Run;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk over the letters: page by page, and what is due in small batches, each a transaction of its own. Between two
 * steps it rests as long as the last one took, so that it never has more than half of a connection. One event loop.
 */
final class RetentionRun {

    private static final Logger log = LoggerFactory.getLogger(RetentionRun.class);

    private static final int PAGE = 2_000;
    private static final int MOST_LETTERS = 500;
    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_REST_MILLIS = 2_000;

    /** Somebody held a lock or the disk was slow: SQLSTATE of lock_timeout, statement_timeout, and a deadlock's victim. */
    private static final Set<String> TOO_LONG = Set.of("55P03", "57014", "40P01");

    private final Vertx vertx;
    private final RunStore runs;
    private final TraceStore traces;
    private final Run run;
    private final Supplier<Future<Boolean>> mayGoOn;
    private final Deque<Status> statuses = new ArrayDeque<>();
    private final Deque<Due> due = new ArrayDeque<>();
    private final Promise<Boolean> ended = Promise.promise();
    private long after;
    private Buffer afterTrace = Buffer.buffer();
    private boolean pageIsLast;
    private int atOnce = MOST_LETTERS;

    /** @param mayGoOn asked before each step; false ends the walk where it is */
    RetentionRun(Vertx vertx, RunStore runs, Run run, Supplier<Future<Boolean>> mayGoOn) {
        this.vertx = vertx;
        this.runs = runs;
        this.traces = new TraceStore(vertx, runs);
        this.run = run;
        this.mayGoOn = mayGoOn;
        var named = EnumSet.noneOf(Status.class);
        run.rules().forEach(rule -> named.addAll(rule.statuses()));
        statuses.addAll(named);
    }

    /** @return whether it came to its end */
    Future<Boolean> walk() {
        letters();
        return ended.future();
    }

    /** Chained with onComplete and not compose: the walk may have many thousand steps. */
    private void letters() {
        if (statuses.isEmpty()) {
            sweep();
            return;
        }
        step(due.isEmpty() ? this::page : this::batch, this::letters);
    }

    private void step(Supplier<Future<Void>> work, Runnable next) {
        long began = System.nanoTime();
        mayGoOn.get().onFailure(ended::fail).onSuccess(may -> {
            if (!may) {
                ended.complete(false);
                return;
            }
            work.get().onFailure(ended::fail).onSuccess(done -> {
                long took = (System.nanoTime() - began) / 1_000_000;
                vertx.setTimer(Math.max(1, Math.min(MOST_REST_MILLIS, took)), timer -> next.run());
            });
        });
    }

    private Future<Void> page() {
        var status = statuses.element();
        return DueStore.page(runs.pool(), run.rules(), status, after, PAGE).map(page -> {
            due.addAll(page.due());
            after = page.last();
            pageIsLast = page.end();
            nextStatus();
            return null;
        });
    }

    private void nextStatus() {
        if (due.isEmpty() && pageIsLast) {
            statuses.remove();
            after = 0;
            pageIsLast = false;
        }
    }

    private Future<Void> batch() {
        var batch = take();
        return runs.purge(run, batch)
                .map(letters -> {
                    atOnce = Math.min(MOST_LETTERS, atOnce * 2);
                    nextStatus();
                    return (Void) null;
                })
                .recover(failure -> smaller(batch, failure));
    }

    /** Bounded by letters and by bytes; a letter at least. */
    private List<Due> take() {
        var batch = new ArrayList<Due>();
        long bytes = 0;
        while (!due.isEmpty()
                && batch.size() < atOnce
                && (batch.isEmpty() || bytes + due.element().bytes() <= MOST_BYTES)) {
            bytes += due.element().bytes();
            batch.add(due.remove());
        }
        return batch;
    }

    /** A batch that takes too long is tried again in smaller ones; a letter that does so alone is left for the next run. */
    private Future<Void> smaller(List<Due> batch, Throwable failure) {
        if (!(failure instanceof PgException postgres) || !TOO_LONG.contains(String.valueOf(postgres.getSqlState()))) {
            return Future.failedFuture(failure);
        }
        if (batch.size() > 1) {
            atOnce = Math.max(1, batch.size() / 4);
            for (int i = batch.size() - 1; i >= 0; i--) {
                due.addFirst(batch.get(i));
            }
        } else {
            log.warn(
                    "Letter {} could not be purged in time and is left for the next run",
                    batch.get(0).letterId());
            nextStatus();
        }
        return Future.succeededFuture();
    }

    private void sweep() {
        step(this::traces, () -> {
            if (pageIsLast) {
                ended.complete(true);
            } else {
                sweep();
            }
        });
    }

    private Future<Void> traces() {
        return traces.page(afterTrace).compose(page -> {
            afterTrace = page.last();
            pageIsLast = page.end();
            return page.orphans().isEmpty()
                    ? Future.succeededFuture()
                    : traces.remove(run, page.orphans()).mapEmpty();
        });
    }
}
