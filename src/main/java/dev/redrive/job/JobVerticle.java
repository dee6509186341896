package dev.redrive.job;

import static java.util.Objects.requireNonNull;

import dev.redrive.Failpoint;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through jobs, a batch of the job that waited longest at a time. A batch is one transaction: the letters, what
 * became of each, and how far the job is. Whatever dies, the job goes on behind the last batch that was committed, in
 * this process or another. docs/jobs.md has the table of crashes.
 */
final class JobVerticle extends VerticleBase {

    /** On the event bus of this process: there is something to do. Others look by themselves. */
    static final String WAKE = "redrive.jobs";

    private static final Logger log = LoggerFactory.getLogger(JobVerticle.class);
    private static final int BATCH = 500;
    private static final long IDLE_MILLIS = 1_000;
    private static final long FORGET_MILLIS = 10 * 60_000;
    private static final long BATCH_SECONDS = 60;

    private final BatchStore store;
    private final AuditStore audit;
    private final Map<String, Work> works;
    private final Promise<Void> stopped = Promise.promise();
    private Promise<Void> wake = Promise.promise();
    private boolean stopping;

    JobVerticle(BatchStore store, AuditStore audit, Map<String, Work> works) {
        this.store = store;
        this.audit = audit;
        this.works = works;
    }

    @Override
    public Future<?> start() {
        vertx.eventBus().localConsumer(WAKE, message -> wake.tryComplete());
        vertx.setPeriodic(
                FORGET_MILLIS,
                timer -> store.pool()
                        .withConnection(SelectionStore::forget)
                        .onFailure(failure -> log.warn("Cannot forget old selections: {}", failure.toString())));
        turn();
        return Future.succeededFuture();
    }

    /** Waits for the batch in hand. */
    @Override
    public Future<?> stop() {
        stopping = true;
        wake.tryComplete();
        return stopped.future().timeout(8, TimeUnit.SECONDS).otherwiseEmpty();
    }

    private void turn() {
        if (stopping) {
            stopped.tryComplete();
            return;
        }
        wake = Promise.promise();
        next().onComplete(done -> {
            if (done.succeeded() && done.result()) {
                turn();
            } else {
                long timer = vertx.setTimer(IDLE_MILLIS, late -> wake.tryComplete());
                wake.future().onComplete(woken -> {
                    vertx.cancelTimer(timer);
                    turn();
                });
            }
        });
    }

    /** @return whether there was something to do */
    private Future<Boolean> next() {
        var taken = new AtomicReference<Job>();
        // Inside compose, because a closed pool throws instead of failing.
        return Future.succeededFuture()
                .compose(ready -> store.pool()
                        .withTransaction(connection -> store.take(connection).compose(found -> {
                            found.ifPresent(taken::set);
                            return found.isEmpty()
                                    ? Future.succeededFuture(false)
                                    : batch(connection, found.get()).map(true);
                        })))
                .timeout(BATCH_SECONDS, TimeUnit.SECONDS)
                .onSuccess(done -> Failpoint.pass("job.committed"))
                .recover(failure -> failed(taken.get(), failure));
    }

    private Future<Boolean> failed(@Nullable Job job, Throwable failure) {
        if (stopping) {
            return Future.succeededFuture(false);
        }
        log.warn("A batch of {} failed", job == null ? "no job" : job.order(), failure);
        return job == null
                ? Future.succeededFuture(false)
                : store.fail(job.order().id(), "A batch failed: " + failure.getMessage())
                        .map(false)
                        .otherwise(false);
    }

    /** What is to be done now, and where to go on. */
    private record Part(List<LockedLetter> letters, List<Work.Left> left, long nextBelow, boolean end) {}

    private Future<Void> batch(SqlConnection connection, Job job) {
        Failpoint.pass("job.taken");
        var work = works.get(job.order().type());
        if (work == null) {
            // A job of a newer version of Redrive: an older process leaves it alone.
            return Future.failedFuture(
                    "This version knows no jobs of type " + job.order().type());
        }
        boolean undo = job.order().undoes() != null;
        return (undo ? undone(connection, job) : meant(connection, job))
                .compose(part -> work(connection, job, work, part)
                        .map(outcome -> with(outcome, part.left()))
                        .compose(outcome -> settle(connection, job, part, outcome)));
    }

    private static Future<Work.Outcome> work(SqlConnection connection, Job job, Work work, Part part) {
        Failpoint.pass("job.locked");
        if (part.letters().isEmpty()) {
            return Future.succeededFuture(new Work.Outcome(List.of(), List.of()));
        }
        return job.order().undoes() != null
                ? work.undo(connection, job.order(), part.letters())
                : work.apply(connection, job.order(), part.letters());
    }

    private Future<Part> meant(SqlConnection connection, Job job) {
        return Slices.next(connection, job.scope(), job.nextBelow(), BATCH)
                .compose(slice -> store.lock(connection, slice.ids()).map(locked -> {
                    var letters = new ArrayList<LockedLetter>();
                    var left = new ArrayList<Work.Left>();
                    for (var letter : locked) {
                        if (letter.changedAt().isAfter(job.scope().frozenAt())) {
                            left.add(new Work.Left(letter.id(), "changed after the selection was frozen", false));
                        } else {
                            letters.add(letter);
                        }
                    }
                    return new Part(letters, left, slice.nextBelow(), slice.end());
                }));
    }

    private Future<Part> undone(SqlConnection connection, Job job) {
        return store.changed(connection, requireNonNull(job.order().undoes()), job.nextBelow(), BATCH)
                .compose(versions -> store.lock(connection, List.copyOf(versions.keySet()))
                        .map(locked -> {
                            var letters = new ArrayList<LockedLetter>();
                            var left = new ArrayList<Work.Left>();
                            for (var letter : locked) {
                                if (Integer.valueOf(letter.version()).equals(versions.get(letter.id()))) {
                                    letters.add(letter);
                                } else {
                                    left.add(new Work.Left(letter.id(), "was changed since", false));
                                }
                            }
                            long lowest = versions.isEmpty()
                                    ? 0
                                    : versions.keySet().iterator().next();
                            return new Part(letters, left, lowest, versions.size() < BATCH);
                        }));
    }

    private static Work.Outcome with(Work.Outcome outcome, List<Work.Left> more) {
        var left = new ArrayList<>(outcome.left());
        left.addAll(more);
        return new Work.Outcome(outcome.done(), left);
    }

    private Future<Void> settle(SqlConnection connection, Job job, Part part, Work.Outcome outcome) {
        boolean failures = job.failed() > 0 || outcome.left().stream().anyMatch(Work.Left::failed);
        var state =
                !part.end() ? Job.State.RUNNING : failures ? Job.State.SUCCEEDED_WITH_FAILURES : Job.State.SUCCEEDED;
        return store.keep(connection, job.order().id(), outcome)
                .compose(kept -> store.advance(connection, job, part.nextBelow(), outcome, state))
                .compose(advanced -> part.end() ? finished(connection, advanced) : Future.succeededFuture())
                .onSuccess(settled -> Failpoint.pass("job.settled"));
    }

    private Future<Void> finished(SqlConnection connection, Job job) {
        var event = new AuditEvent(
                AuditEvent.SYSTEM,
                "job-finished",
                null,
                JobJson.pathOf(job.order().id()),
                job.order().reason(),
                JobStore.facts(job),
                null);
        return audit.record(connection, event);
    }
}
