package dev.redrive.retention;

import dev.redrive.Backoff;
import dev.redrive.LastingFailure;
import dev.redrive.Turns;
import dev.redrive.postgres.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges by the rules, in one process at a time: the one that holds the lease {@code retention}. The lease only spares
 * work; that nothing is purged twice or by an old owner is held by the row of the run.
 */
final class RetentionVerticle extends VerticleBase {

    /**
     * @param look between two looks whether a run is due
     * @param every from the beginning of a run to the beginning of the next
     */
    record Pace(Duration look, Duration every) {
        static final Pace STANDARD = new Pace(Duration.ofMinutes(1), Duration.ofHours(1));
    }

    private static final Logger log = LoggerFactory.getLogger(RetentionVerticle.class);

    /** Longer than a batch can take. */
    private static final Duration LEASE_TIME = Duration.ofSeconds(60);

    private static final long RENEW_NANOS = 10_000_000_000L;
    private static final Duration STOP = Duration.ofSeconds(6);

    private final RetentionStore settings;
    private final RunStore runs;
    private final Lease lease;
    private final Pace pace;
    private final Backoff backoff = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(2));
    private final LastingFailure failure = new LastingFailure(log, "Nothing is purged for now");
    private Turns turns;
    private long renewed;

    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    RetentionVerticle(RetentionStore settings, RunStore runs, Pace pace) {
        this.settings = settings;
        this.runs = runs;
        this.lease = new Lease(settings.pool(), "retention", LEASE_TIME);
        this.pace = pace;
    }

    @Override
    public Future<?> start() {
        turns = Turns.begin(vertx, this::turn, this::failed);
        return Future.succeededFuture();
    }

    /** Waits for the batch in hand alone; what it left is due in the next run, here or elsewhere. */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP).compose(ended -> lease.giveBack()).otherwiseEmpty();
    }

    private Future<Duration> turn() {
        return runIfDue().map(done -> {
            failure.over();
            backoff.over();
            return pace.look();
        });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return backoff.next();
    }

    private Future<Void> runIfDue() {
        renewed = 0;
        return mayGoOn()
                .compose(may -> may ? settings.find() : Future.succeededFuture())
                .compose(rules -> {
                    if (rules == null || !rules.effective()) {
                        return Future.succeededFuture();
                    }
                    return runs.begin(rules.rules(), pace.every())
                            .compose(begun -> begun.isEmpty() ? Future.succeededFuture() : go(begun.get()));
                });
    }

    private Future<Void> go(RunStore.Run run) {
        return new RetentionRun(vertx, runs, run, this::mayGoOn)
                .walk()
                .compose(complete -> runs.finish(run.id(), complete));
    }

    /** Renews the lease now and then. @return false where we stop, or another process has it */
    private Future<Boolean> mayGoOn() {
        if (turns.stopping() || System.nanoTime() - renewed < RENEW_NANOS && renewed != 0) {
            return Future.succeededFuture(!turns.stopping());
        }
        return lease.take().map(ours -> {
            renewed = System.nanoTime();
            return ours && !turns.stopping();
        });
    }
}
