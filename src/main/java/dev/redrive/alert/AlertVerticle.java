package dev.redrive.alert;

import dev.redrive.LastingFailure;
import dev.redrive.Progress;
import dev.redrive.TimeLimit;
import dev.redrive.Turns;
import dev.redrive.postgres.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    private static final Duration MOST = Duration.ofSeconds(40);
    private static final Duration LEASE_TIME = MOST.plusSeconds(10);
    private static final int LOOKS_PER_PRUNING = 360;
    private static final Duration STOP = Duration.ofSeconds(6);

    private final AlertWatch watch;
    private final Clock clock;
    private final Pace pace;
    private final Lease lease;
    private final Progress.Loop progress;
    private final LastingFailure failure = new LastingFailure(log, "Alerts are not looked at for now");
    private Turns turns;
    private Instant nextLook = Instant.EPOCH;
    private int looks;

    /** @param progress told of each turn, also of one in which another process looks */
    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    AlertVerticle(AlertWatch watch, Pool pool, Clock clock, Pace pace, Progress.Loop progress) {
        this.watch = watch;
        this.clock = clock;
        this.pace = pace;
        this.progress = progress;
        this.lease = new Lease(pool, "alerts", LEASE_TIME);
    }

    @Override
    public Future<?> start() {
        turns = Turns.begin(vertx, this::turn, this::failed);
        return Future.succeededFuture();
    }

    /** Waits for the look in hand. */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP)
                .compose(ended -> lease.giveBack())
                .otherwiseEmpty()
                .onComplete(stopped -> progress.ended());
    }

    private Future<Duration> turn() {
        return TimeLimit.within(MOST, limit -> lease.whileOurs(() -> look(limit)))
                .map(done -> {
                    progress.turned();
                    failure.over();
                    return pace.tell();
                });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return pace.tell();
    }

    private Future<Void> look(TimeLimit limit) {
        var now = clock.instant();
        // A clock that was set back is no reason to wait for it.
        boolean setBack = now.plus(pace.look()).isBefore(nextLook);
        if (now.isBefore(nextLook) && !setBack) {
            return watch.tell(now, limit);
        }
        nextLook = now.plus(pace.look());
        return watch.look(now, limit)
                .compose(looked -> watch.tell(now, limit))
                .compose(limit::pass)
                .compose(told -> looks++ % LOOKS_PER_PRUNING == 0 ? watch.prune(now) : Future.succeededFuture());
    }
}
