package dev.redrive.job;

import static java.util.Objects.requireNonNull;

import dev.redrive.Failpoint;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch of the job that waited longest. A batch is one transaction, which holds the row of the job: the letters, what
 * became of each, and how far the job is. So it is there whole or not at all, whoever dies, and never twice.
 * docs/jobs.md has the table of crashes.
 */
final class JobEngine {

    private static final Logger log = LoggerFactory.getLogger(JobEngine.class);

    /** Letters of a batch, by how many failed lately: the last one finds out which letter it is. */
    private static final int[] SIZES = {500, 62, 7, 1};

    /** Where there is nothing to do. */
    private static final Duration IDLE = Duration.ofMillis(500);

    private final BatchStore store;
    private final AuditStore audit;
    private final Map<String, Work> works;
    private final JobMetrics metrics;

    JobEngine(BatchStore store, AuditStore audit, Map<String, Work> works, JobMetrics metrics) {
        this.store = store;
        this.audit = audit;
        this.works = works;
        this.metrics = metrics;
    }

    /** What is to be done now, and where to go on. */
    private record Part(List<LockedLetter> letters, List<Work.Left> left, long nextBelow, boolean end) {}

    /** What is known of a batch when it ends. @param outcome null where it did not come that far */
    private record Attempt(Job job, List<Long> ids, Work.@Nullable Outcome outcome) {}

    /** @return how long to rest before the next turn; fails where the database is out of reach */
    Future<Duration> turn() {
        var attempt = new AtomicReference<@Nullable Attempt>();
        // Inside compose, because a closed pool throws instead of failing.
        return Future.succeededFuture()
                .compose(ready -> store.pool()
                        .withTransaction(connection -> store.take(connection)
                                .compose(found -> found.isEmpty()
                                        ? Future.succeededFuture(IDLE)
                                        : turn(connection, found.get(), attempt))))
                .map(rest -> {
                    count(attempt.get());
                    return passed("job.committed", rest);
                })
                .recover(failure -> {
                    var failed = attempt.get();
                    return failed == null || !Blame.isOnTheJob(failure)
                            ? Future.failedFuture(failure)
                            : store.pool()
                                    .withTransaction(connection -> blame(connection, failed, failure))
                                    .map(blamed -> {
                                        count(blamed);
                                        return Duration.ZERO;
                                    });
                });
    }

    private void count(@Nullable Attempt committed) {
        if (committed != null && committed.outcome() != null) {
            metrics.worked(committed.job().order().type(), committed.outcome());
        }
    }

    private Future<Duration> turn(SqlConnection connection, Job job, AtomicReference<@Nullable Attempt> attempt) {
        attempt.set(new Attempt(job, List.of(), null));
        Failpoint.pass("job.taken");
        var work = works.get(job.order().type());
        if (work == null) {
            return Future.failedFuture(
                    "No process knows jobs of type " + job.order().type());
        }
        if (job.clearing()) {
            return work.clear(connection, job.order())
                    .compose(more -> store.cleared(connection, job.order().id(), more))
                    .map(Duration.ZERO);
        }
        return job.gathered()
                ? goOn(connection, job, work)
                : batch(connection, job, work, attempt).map(Duration.ZERO);
    }

    private Future<Duration> goOn(SqlConnection connection, Job job, Work work) {
        var id = job.order().id();
        return work.goOn(connection, job.order()).compose(step -> {
            Failpoint.pass("job.went-on");
            if (step instanceof Work.Again again) {
                return store.again(connection, id, again).map(again.pause());
            }
            if (step instanceof Work.Hold hold) {
                return store.stop(connection, id, Job.State.PAUSED, hold.why(), null)
                        .compose(held -> audit.record(connection, held(held, hold.why())))
                        .map(Duration.ZERO);
            }
            var end = (Work.End) step;
            return store.stop(connection, id, ending(job.failed() > 0 || end.failures()), null, end.counted())
                    .compose(ended -> finished(connection, work, ended))
                    .map(Duration.ZERO);
        });
    }

    private static AuditEvent held(Job job, String why) {
        return new AuditEvent(
                AuditEvent.SYSTEM, "job-held", null, JobJson.pathOf(job.order().id()), why, JobStore.facts(job), null);
    }

    private static Job.State ending(boolean failures) {
        return failures ? Job.State.SUCCEEDED_WITH_FAILURES : Job.State.SUCCEEDED;
    }

    private static <T> T passed(String failpoint, T value) {
        Failpoint.pass(failpoint);
        return value;
    }

    private Future<Void> batch(
            SqlConnection connection, Job job, Work work, AtomicReference<@Nullable Attempt> attempt) {
        boolean undo = job.order().undoes() != null;
        int limit = Math.min(work.atOnce(job.order()), SIZES[Math.min(job.failures(), SIZES.length - 1)]);
        return (undo ? undone(connection, job, limit) : meant(connection, job, work, limit)).compose(part -> {
            attempt.set(new Attempt(job, ids(part), null));
            return work(connection, job, work, passed("job.locked", part))
                    .map(outcome -> with(passed("job.worked", outcome), part.left()))
                    .compose(outcome -> {
                        attempt.set(new Attempt(job, ids(part), outcome));
                        return settle(connection, job, work, part, outcome);
                    });
        });
    }

    private static List<Long> ids(Part part) {
        var ids = new ArrayList<Long>();
        part.letters().forEach(letter -> ids.add(letter.id()));
        part.left().forEach(left -> ids.add(left.letterId()));
        return ids;
    }

    private static Future<Work.Outcome> work(SqlConnection connection, Job job, Work work, Part part) {
        if (part.letters().isEmpty()) {
            return Future.succeededFuture(new Work.Outcome(List.of(), List.of()));
        }
        return job.order().undoes() != null
                ? work.undo(connection, job.order(), part.letters())
                : work.apply(connection, job.order(), part.letters());
    }

    private Future<Part> meant(SqlConnection connection, Job job, Work work, int limit) {
        var own = work.letters(connection, job.order(), job.nextBelow(), limit);
        return (own == null ? Slices.next(connection, job.scope(), job.nextBelow(), limit) : own)
                .compose(slice -> store.lock(
                                connection, slice.ids(), job.scope().snapshot())
                        .map(locked -> {
                            var letters = new ArrayList<LockedLetter>();
                            var left = new ArrayList<Work.Left>();
                            for (var letter : locked) {
                                if (letter.same() || work.takesChanged()) {
                                    letters.add(letter);
                                } else {
                                    left.add(new Work.Left(letter.id(), SelectedLetters.CHANGED, false));
                                }
                            }
                            return new Part(letters, left, slice.nextBelow(), slice.end());
                        }));
    }

    private Future<Part> undone(SqlConnection connection, Job job, int limit) {
        var undone = requireNonNull(job.order().undoes());
        return store.changed(connection, undone, job.nextBelow(), limit)
                .compose(ids -> store.lock(connection, ids, job.scope().snapshot())
                        .compose(locked -> store.asLeft(connection, undone, locked)
                                .map(same -> undone(ids, locked, same, limit))));
    }

    /** @param ids highest first; @param same those that are as the job left them */
    private static Part undone(List<Long> ids, List<LockedLetter> locked, Set<Long> same, int limit) {
        var letters = new ArrayList<LockedLetter>();
        var left = new ArrayList<Work.Left>();
        for (var letter : locked) {
            if (same.contains(letter.id())) {
                letters.add(letter);
            } else {
                left.add(new Work.Left(letter.id(), "was changed since", false));
            }
        }
        return new Part(letters, left, ids.isEmpty() ? 0 : ids.get(ids.size() - 1), ids.size() < limit);
    }

    private static Work.Outcome with(Work.Outcome outcome, List<Work.Left> more) {
        var left = new ArrayList<>(outcome.left());
        left.addAll(more);
        return new Work.Outcome(outcome.done(), left);
    }

    private Future<Void> settle(SqlConnection connection, Job job, Work work, Part part, Work.Outcome outcome) {
        boolean failures = job.failed() > 0 || outcome.left().stream().anyMatch(Work.Left::failed);
        boolean goesOn = work.goesOn() && job.order().undoes() == null;
        var state = !part.end() || goesOn ? Job.State.RUNNING : ending(failures);
        return store.keep(connection, job.order().id(), outcome)
                .map(kept -> passed("job.kept", kept))
                .compose(kept -> store.advance(connection, job, part.nextBelow(), outcome, state, part.end() && goesOn))
                .map(advanced -> passed("job.advanced", advanced))
                .compose(advanced -> state.isFinal() ? finished(connection, work, advanced) : Future.succeededFuture())
                .map(settled -> passed("job.settled", settled));
    }

    private Future<Void> finished(SqlConnection connection, Work work, Job job) {
        var event = new AuditEvent(
                AuditEvent.SYSTEM,
                "job-finished",
                null,
                JobJson.pathOf(job.order().id()),
                job.order().reason(),
                JobStore.facts(job),
                null);
        return (job.order().undoes() == null ? work.finish(connection, job.order()) : Future.<Void>succeededFuture())
                .compose(done -> audit.record(connection, event));
    }

    /**
     * A letter that fails alone is left behind with the reason; a batch that fails is tried again in smaller ones.
     *
     * @return with an outcome where a letter was left behind
     */
    private Future<Attempt> blame(SqlConnection connection, Attempt attempt, Throwable failure) {
        var job = attempt.job();
        var why = Blame.words(failure);
        log.warn(
                "A batch of {} letters of job {} failed",
                attempt.ids().size(),
                job.order().id(),
                failure);
        return store.takeAgain(connection, job.order().id(), job.version()).compose(taken -> {
            if (!taken) {
                // Paused, cancelled, or another process was luckier.
                return Future.succeededFuture(new Attempt(job, attempt.ids(), null));
            }
            if (attempt.ids().size() != 1) {
                return fail(connection, job, why).map(new Attempt(job, attempt.ids(), null));
            }
            long id = attempt.ids().get(0);
            var outcome = new Work.Outcome(List.of(), List.of(new Work.Left(id, why, true)));
            return store.keep(connection, job.order().id(), outcome)
                    .compose(kept -> store.advance(connection, job, id, outcome, Job.State.RUNNING, false))
                    .map(new Attempt(job, attempt.ids(), outcome));
        });
    }

    /** Work that goes on holds letters, which nobody would ever let go if it just ended: it waits for somebody to look. */
    private Future<Void> fail(SqlConnection connection, Job job, String why) {
        var work = works.get(job.order().type());
        boolean holds = work != null && work.goesOn() && job.order().undoes() == null;
        return store.fail(connection, job.order().id(), why, holds ? Job.State.PAUSED : Job.State.FAILED)
                .compose(failed -> failed.state() == Job.State.PAUSED
                        ? audit.record(connection, held(failed, why))
                        : Future.succeededFuture());
    }
}
