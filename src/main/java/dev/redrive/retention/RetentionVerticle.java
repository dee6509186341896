package dev.redrive.retention;

import dev.redrive.postgres.LeaseStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

    static final String LEASE = "retention";

    private static final Logger log = LoggerFactory.getLogger(RetentionVerticle.class);

    /** Longer than a batch can take. */
    private static final Duration LEASE_TIME = Duration.ofSeconds(60);

    private static final long RENEW_NANOS = 10_000_000_000L;
    private static final long LEAST_BACK_OFF_MILLIS = 1_000;
    private static final long MOST_BACK_OFF_MILLIS = 60_000;
    private static final long STOP_SECONDS = 8;

    private final RetentionStore settings;
    private final RunStore runs;
    private final LeaseStore leases;
    private final Pace pace;
    private final UUID owner = UUID.randomUUID();
    private final Promise<Void> stopped = Promise.promise();
    private Promise<Void> rest = Promise.promise();
    private long backOff = LEAST_BACK_OFF_MILLIS;
    private long renewed;
    private boolean stopping;

    RetentionVerticle(RetentionStore settings, RunStore runs, Pace pace) {
        this.settings = settings;
        this.runs = runs;
        this.leases = new LeaseStore(settings.pool());
        this.pace = pace;
    }

    @Override
    public Future<?> start() {
        turn();
        return Future.succeededFuture();
    }

    /** Waits for the batch in hand alone; what it left is due in the next run, here or elsewhere. */
    @Override
    public Future<?> stop() {
        stopping = true;
        rest.tryComplete();
        return stopped.future()
                .compose(done -> leases.giveBack(LEASE, owner))
                .timeout(STOP_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    /** Chained with onComplete and not compose, because an endless chain of composed futures is a leak. */
    private void turn() {
        if (stopping) {
            stopped.tryComplete();
            return;
        }
        rest = Promise.promise();
        // Inside compose, because a closed pool throws instead of failing.
        Future.succeededFuture().compose(ready -> runIfDue()).onComplete(done -> {
            if (done.succeeded()) {
                backOff = LEAST_BACK_OFF_MILLIS;
                rest(pace.look().toMillis());
            } else {
                rest(backOff(done.cause()));
            }
        });
    }

    private void rest(long millis) {
        long timer = vertx.setTimer(millis, late -> rest.tryComplete());
        rest.future().onComplete(rested -> {
            vertx.cancelTimer(timer);
            turn();
        });
    }

    private Future<Void> runIfDue() {
        renewed = 0;
        return mayGoOn()
                .compose(held -> held ? settings.find() : Future.succeededFuture())
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
        if (stopping || System.nanoTime() - renewed < RENEW_NANOS && renewed != 0) {
            return Future.succeededFuture(!stopping);
        }
        return leases.take(LEASE, owner, LEASE_TIME).map(held -> {
            renewed = System.nanoTime();
            return held && !stopping;
        });
    }

    /** Jitter, so that the processes do not come back in step. */
    private long backOff(Throwable failure) {
        long pause = backOff + ThreadLocalRandom.current().nextLong(backOff);
        if (!stopping) {
            log.warn("Retention goes on in {} ms: {}", pause, failure.toString());
            log.debug("Cause", failure);
        }
        backOff = Math.min(MOST_BACK_OFF_MILLIS, backOff * 2);
        return pause;
    }
}
