package dev.redrive.replay;

import dev.redrive.Failpoint;
import dev.redrive.replay.LaneStore.Health;
import dev.redrive.replay.LaneStore.Taken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process owns a lane. The lease runs on the database's clock; what keeps a paused owner from doing harm is
 * not the lease but the fence, in Postgres and in Kafka. Used on one event loop.
 */
final class LaneOwnership {

    private static final Logger log = LoggerFactory.getLogger(LaneOwnership.class);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final LaneStore store;
    private final LaneId lane;
    private final LaneShare share;
    private final Duration lease;

    private @Nullable Taken taken;
    private long timer = NO_TIMER;
    private long lastHeartbeat;
    private boolean onHold;

    LaneOwnership(Vertx vertx, LaneStore store, LaneId lane, LaneShare share, Duration lease) {
        this.vertx = vertx;
        this.store = store;
        this.lane = lane;
        this.share = share;
        this.lease = lease;
    }

    /** Takes the lane where its lease ran out and our share has room, or again where it is ours: the fence is raised. */
    Future<Optional<Taken>> take() {
        stopHeartbeat();
        taken = null;
        long asked = System.nanoTime();
        return share.take(vertx, lane).map(now -> {
            now.ifPresent(mine -> {
                Failpoint.pass("replay.lane-taken");
                taken = mine;
                onHold = mine.onHold();
                lastHeartbeat = asked;
                timer = vertx.setPeriodic(lease.toMillis() / 3, tick -> heartbeat(mine.fence()));
            });
            return now;
        });
    }

    /** False as soon as the lease may have run out, whether or not somebody took the lane. */
    boolean isHeld() {
        return taken != null && System.nanoTime() - lastHeartbeat < lease.toNanos();
    }

    private void heartbeat(long fence) {
        long asked = System.nanoTime();
        store.heartbeat(lane, fence, lease)
                .timeout(lease.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(health -> {
                    if (taken == null || taken.fence() != fence) {
                        return;
                    }
                    lastHeartbeat = asked;
                    if (health.isEmpty() || isReleased(health.get())) {
                        log.info("Gave up {}: {}", lane, health.isEmpty() ? "it has another owner" : "it was released");
                        lose();
                    }
                })
                .onFailure(failure -> log.warn("No heartbeat for {}: {}", lane, failure.getMessage()));
    }

    /** A lane on hold that a person set going again has to be taken anew. */
    private boolean isReleased(Health health) {
        return onHold && health != Health.HOLD;
    }

    /** The lane's row says hold now; when a person changes that, the lane is taken anew. */
    void hold() {
        onHold = true;
    }

    boolean isOnHold() {
        return onHold;
    }

    void lose() {
        onHold = false;
        stopHeartbeat();
        taken = null;
    }

    private void stopHeartbeat() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    /** Gives the lane to whoever has fewer, where it is one too many here. @param giveBack all that has to be done */
    Future<Boolean> release(Supplier<Future<Void>> giveBack) {
        return share.release(lane, giveBack);
    }

    /** For whoever waits; a lane that is not ours is left alone. */
    Future<Void> giveBack() {
        var mine = taken;
        lose();
        return mine == null ? Future.succeededFuture() : store.giveBack(lane, mine.fence());
    }
}
