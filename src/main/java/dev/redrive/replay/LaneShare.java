package dev.redrive.replay;

import dev.redrive.replay.LaneStore.Taken;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many lanes of one cluster this process may own: all of them divided by the processes that are alive, the rest to
 * those that have been alive longest. Every process computes the same from the same rows, so that nobody takes what
 * another one will want back. Used by the event loops of all its lanes.
 */
final class LaneShare {

    private static final Logger log = LoggerFactory.getLogger(LaneShare.class);
    private static final long RETRY_MILLIS = 10;

    private final TargetCluster cluster;
    private final LaneStore store;
    private final UUID owner = UUID.randomUUID();

    /** One lane after the other, because each one that is taken changes what the next may do. */
    private final AtomicBoolean deciding = new AtomicBoolean();

    private final AtomicInteger leaving = new AtomicInteger();
    private volatile boolean tooMany;
    private volatile boolean left;
    private @Nullable Future<Void> joined;
    private @Nullable Runnable stopTelling;

    LaneShare(TargetCluster cluster, LaneStore store) {
        this.cluster = cluster;
        this.store = store;
    }

    UUID owner() {
        return owner;
    }

    private Duration lease() {
        return cluster.settings().lease();
    }

    private int lanes() {
        return cluster.settings().lanes();
    }

    /** Makes this process one of those that are alive, once; to be asked before the first lane is taken. */
    synchronized Future<Void> join(Vertx vertx, short clusterId) {
        if (joined == null || joined.failed()) {
            joined = store.live(clusterId, owner, lease()).onSuccess(alive -> tellOften(vertx, clusterId));
        }
        return backOn(vertx.getOrCreateContext(), joined);
    }

    /** The lane that asked first is answered on its own event loop, and so has to be every other one. */
    private static Future<Void> backOn(Context context, Future<Void> answer) {
        return answer.transform(done -> {
            Promise<Void> back = Promise.promise();
            context.runOnContext(there -> {
                if (done.succeeded()) {
                    back.complete();
                } else {
                    back.fail(done.cause());
                }
            });
            return back.future();
        });
    }

    private synchronized void tellOften(Vertx vertx, short clusterId) {
        long timer = vertx.setPeriodic(lease().toMillis() / 3, tick -> tell(clusterId));
        stopTelling = () -> vertx.cancelTimer(timer);
    }

    /** A process that does not reach Kafka is no help, and leaves its share to the others. */
    private void tell(short clusterId) {
        cluster.kafkaId()
                .compose(reached -> left ? Future.<Void>succeededFuture() : store.live(clusterId, owner, lease()))
                .compose(alive -> store.excess(clusterId, owner, lanes()))
                .onSuccess(excess -> tooMany = excess > 0)
                .onFailure(failure -> log.warn(
                        "This process counts as gone from {} until it can say otherwise: {}",
                        cluster.name(),
                        failure.getMessage()));
    }

    /** Others may take its lanes as soon as they are given back. Fails never. */
    synchronized Future<Void> leave(short clusterId) {
        if (joined == null || stopTelling == null) {
            return Future.succeededFuture();
        }
        left = true;
        stopTelling.run();
        stopTelling = null;
        return store.leave(clusterId, owner).otherwiseEmpty();
    }

    /** @return empty where another owner's lease still runs, or this process has its share */
    Future<Optional<Taken>> take(Vertx vertx, LaneId lane) {
        if (!deciding.compareAndSet(false, true)) {
            return vertx.timer(RETRY_MILLIS).compose(again -> take(vertx, lane));
        }
        return store.take(lane, owner, lease(), lanes()).onComplete(taken -> deciding.set(false));
    }

    /**
     * To be asked between two batches.
     *
     * @param giveBack run where the lane is one too many
     * @return whether it was
     */
    Future<Boolean> release(LaneId lane, Supplier<Future<Void>> giveBack) {
        if (!tooMany || !deciding.compareAndSet(false, true)) {
            return Future.succeededFuture(false);
        }
        return store.excess(lane.clusterId(), owner, lanes())
                .map(excess -> {
                    tooMany = excess > leaving.get();
                    return tooMany && leaving.incrementAndGet() > 0;
                })
                .onComplete(decided -> deciding.set(false))
                .compose(goes -> goes
                        ? giveBack.get()
                                .onComplete(given -> leaving.decrementAndGet())
                                .map(true)
                        : Future.succeededFuture(false));
    }
}
