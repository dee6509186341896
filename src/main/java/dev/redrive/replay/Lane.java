package dev.redrive.replay;

import dev.redrive.replay.LaneStore.Health;
import dev.redrive.replay.LaneStore.Taken;
import io.vertx.core.Future;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane while this process owns it. Whatever goes wrong while it sends leaves rows in {@code sending}; then the sender
 * is closed and the lane starts over with a new fence, which finds out what became of them. Nothing is sent again on a
 * guess. Used on one event loop.
 */
final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private final LaneId id;
    private final TargetCluster cluster;
    private final LaneOwnership ownership;
    private final LaneStores stores;
    private final HoldListener holds;
    private final @Nullable Mode mode;
    private final Recovery recovery;
    private final FallbackRecovery fallback;

    private @Nullable Serving serving;

    Lane(
            LaneId id,
            TargetCluster cluster,
            LaneOwnership ownership,
            LaneStores stores,
            HoldListener holds,
            @Nullable Mode mode,
            Recovery recovery,
            FallbackRecovery fallback) {
        this.id = id;
        this.cluster = cluster;
        this.ownership = ownership;
        this.stores = stores;
        this.holds = holds;
        this.mode = mode;
        this.recovery = recovery;
        this.fallback = fallback;
    }

    /** One turn. @return whether there may be more to do at once; fails after a doubt, and the next turn starts over */
    Future<Boolean> turn() {
        var now = serving;
        if (!ownership.isHeld()) {
            return close().compose(closed -> own());
        }
        return ownership.release(this::giveBack).compose(given -> {
            if (given || ownership.isOnHold()) {
                return Future.succeededFuture(false);
            }
            return now == null ? own() : now.turn().recover(failure -> startOver(now, failure));
        });
    }

    private Future<Boolean> own() {
        return ownership.take().compose(taken -> {
            if (taken.isEmpty()) {
                return Future.succeededFuture(false);
            }
            return taken.get().onHold() ? Future.succeededFuture(false) : open(taken.get());
        });
    }

    private Future<Boolean> open(Taken taken) {
        return (mode == null ? cluster.mode() : Future.succeededFuture(mode))
                .compose(known -> sender(taken, known))
                .compose(opened -> stores.lanes()
                        .sayHealth(id, taken.fence(), Health.SERVING, null, opened.mode())
                        .map(said -> {
                            log.info(
                                    "Serving {} with fence {}, {}",
                                    id,
                                    taken.fence(),
                                    opened.mode().word());
                            serving = opened;
                            return true;
                        }))
                .recover(failure -> failure instanceof Recovery.LostProofException
                        ? hold(taken, String.valueOf(failure.getMessage()))
                        : sayRetrying(taken.fence(), failure));
    }

    private Future<Serving> sender(Taken taken, Mode known) {
        return (known.isTransactional()
                        ? recovery.open(id, taken)
                        : Future.<Sender>failedFuture(new UnsupportedVersionException("No transactions")))
                .map(sender -> serving(sender, taken, known))
                .recover(failure -> !known.isTransactional() || isNew(taken) && hasNoTransactions(failure)
                        ? fallback.open(id, taken).map(sender -> serving(sender, taken, Mode.FALLBACK))
                        : Future.failedFuture(failure));
    }

    private Serving serving(Sender sender, Taken taken, Mode known) {
        return new Serving(id, cluster.topics(), stores, sender, taken.fence(), known);
    }

    /**
     * Without receipts. Where there are some, a right that is missing now was there before: to go on with a weaker proof
     * would be done behind everybody's back, and would take an aborted copy of an earlier owner for a sent record.
     */
    private static boolean isNew(Taken taken) {
        return taken.receiptsTopicId() == null;
    }

    /** We may not, or the cluster cannot. */
    private static boolean hasNoTransactions(Throwable failure) {
        return failure instanceof AuthorizationException || failure instanceof UnsupportedVersionException;
    }

    /** Nothing is sent on this lane until a person has looked. */
    private Future<Boolean> hold(Taken taken, String why) {
        log.error("{} is on hold: {}", id, why);
        var hold = new HoldListener.Hold(cluster.name(), id.lane(), taken.fence(), why);
        return stores.recovery()
                .hold(id, hold, holds)
                .onSuccess(said -> ownership.hold())
                .map(false);
    }

    private Future<Boolean> startOver(Serving now, Throwable failure) {
        return close().compose(closed -> sayRetrying(now.fence(), failure));
    }

    private Future<Boolean> sayRetrying(long fence, Throwable failure) {
        return stores.lanes()
                .sayHealth(id, fence, Health.RETRYING, failure.toString(), null)
                .transform(said -> Future.failedFuture(failure));
    }

    private Future<Void> close() {
        var now = serving;
        serving = null;
        return now == null ? Future.succeededFuture() : now.close();
    }

    LaneId id() {
        return id;
    }

    /** After the turn in hand: what was claimed is sent, and the sender closed, so that the next owner finds nothing open. */
    Future<Void> giveBack() {
        var now = serving;
        var finished = now == null || !ownership.isHeld() ? Future.<Void>succeededFuture() : now.finish();
        return finished.otherwiseEmpty().eventually(this::close).eventually(ownership::giveBack);
    }
}
