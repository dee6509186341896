package dev.redrive.alert;

import dev.redrive.postgres.LeaseStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the rules and tells, in one process at a time: the one that holds the lease {@code alerts}. The lease only
 * spares work; that nothing is told twice is held by the rows of rules and alerts.
 */
final class AlertVerticle extends VerticleBase {

    /**
     * @param tell between two looks at what there is to tell
     * @param look between two looks at the rules; not shorter than the other
     * @param calm how long a condition must be over before its alert is
     */
    record Pace(Duration tell, Duration look, Duration calm) {
        static final Pace STANDARD = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1));
    }

    private static final Logger log = LoggerFactory.getLogger(AlertVerticle.class);
    private static final String LEASE = "alerts";
    private static final long MOST_SECONDS = 40;
    private static final Duration LEASE_TIME = Duration.ofSeconds(MOST_SECONDS + 10);
    private static final int LOOKS_PER_PRUNING = 360;
    private static final long STOP_SECONDS = 8;

    private final AlertWatch watch;
    private final LeaseStore leases;
    private final Clock clock;
    private final Pace pace;
    private final UUID owner = UUID.randomUUID();
    private final Promise<Void> stopped = Promise.promise();
    private Promise<Void> rest = Promise.promise();
    private Instant nextLook = Instant.EPOCH;
    private boolean failing;
    private boolean stopping;
    private int looks;

    AlertVerticle(AlertWatch watch, LeaseStore leases, Clock clock, Pace pace) {
        this.watch = watch;
        this.leases = leases;
        this.clock = clock;
        this.pace = pace;
    }

    @Override
    public Future<?> start() {
        turn();
        return Future.succeededFuture();
    }

    /** Waits for the look in hand. */
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
        Future.succeededFuture()
                .compose(ready -> leases.take(LEASE, owner, LEASE_TIME))
                .compose(held -> held ? look() : Future.succeededFuture())
                .timeout(MOST_SECONDS, TimeUnit.SECONDS)
                .onComplete(done -> {
                    noteFailure(done.cause());
                    long timer = vertx.setTimer(pace.tell().toMillis(), late -> rest.tryComplete());
                    rest.future().onComplete(rested -> {
                        vertx.cancelTimer(timer);
                        turn();
                    });
                });
    }

    private Future<Void> look() {
        var now = clock.instant();
        if (now.isBefore(nextLook)) {
            return watch.tell(now);
        }
        nextLook = now.plus(pace.look());
        return watch.look(now)
                .compose(looked -> watch.tell(now))
                .compose(told -> looks++ % LOOKS_PER_PRUNING == 0 ? watch.prune(now) : Future.succeededFuture());
    }

    private void noteFailure(@Nullable Throwable failure) {
        if (failure != null && !failing && !stopping) {
            log.warn("Alerts are not looked at for now: {}", failure.toString());
            log.debug("Cause", failure);
        }
        failing = failure != null;
    }
}
