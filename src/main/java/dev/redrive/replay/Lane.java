package dev.redrive.replay;

import dev.redrive.Failpoint;
import dev.redrive.replay.LaneStore.Health;
import dev.redrive.replay.LaneStore.Taken;
import dev.redrive.replay.Preflight.Refusal;
import dev.redrive.replay.Sender.AbortedException;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane while this process owns it: claim, check, send, settle. Whatever goes wrong in between leaves rows in
 * {@code sending}; then the sender is closed and the lane starts over with a new fence, which finds out what became of
 * them. Nothing is sent again on a guess. Used on one event loop.
 */
final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final int MOST_RECORDS = 100;

    private final LaneId id;
    private final TargetCluster cluster;
    private final LaneOwnership ownership;
    private final LaneStores stores;
    private final @Nullable Mode mode;
    private final Recovery recovery;
    private final FallbackRecovery fallback;
    private final Preflight preflight;

    private @Nullable Serving serving;

    Lane(
            LaneId id,
            TargetCluster cluster,
            LaneOwnership ownership,
            LaneStores stores,
            @Nullable Mode mode,
            Recovery recovery,
            FallbackRecovery fallback) {
        this.id = id;
        this.cluster = cluster;
        this.ownership = ownership;
        this.stores = stores;
        this.mode = mode;
        this.recovery = recovery;
        this.fallback = fallback;
        this.preflight = new Preflight(cluster.topics());
    }

    /** A lane that may send. */
    private record Serving(Sender sender, long fence, Mode mode) {}

    /** One turn. @return whether there may be more to do at once; fails after a doubt, and the next turn starts over */
    Future<Boolean> turn() {
        var now = serving;
        if (!ownership.isHeld()) {
            return close().compose(closed -> own());
        }
        if (ownership.isOnHold()) {
            return Future.succeededFuture(false);
        }
        return now == null ? own() : serve(now).recover(failure -> startOver(now, failure));
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
                .map(sender -> new Serving(sender, taken.fence(), known))
                .recover(failure -> !known.isTransactional() || hasNoTransactions(failure)
                        ? fallback.open(id, taken).map(sender -> new Serving(sender, taken.fence(), Mode.FALLBACK))
                        : Future.failedFuture(failure));
    }

    /** We may not, or the cluster cannot. */
    private static boolean hasNoTransactions(Throwable failure) {
        return failure instanceof AuthorizationException || failure instanceof UnsupportedVersionException;
    }

    /** Nothing is sent on this lane until a person has looked. */
    private Future<Boolean> hold(Taken taken, String why) {
        log.error("{} is on hold: {}", id, why);
        return stores.recovery()
                .giveUp(id, taken.fence(), why)
                .compose(given -> stores.lanes().sayHealth(id, taken.fence(), Health.HOLD, why, null))
                .onSuccess(said -> ownership.hold())
                .map(false);
    }

    private Future<Boolean> serve(Serving now) {
        return stores.sending().claim(id, now.fence(), now.mode(), MOST_RECORDS).compose(claims -> {
            if (claims.isEmpty()) {
                return Future.succeededFuture(false);
            }
            Failpoint.pass("replay.claimed");
            Future<Void> batches = Future.succeededFuture();
            for (var batch : Batches.of(claims, now.mode())) {
                batches = batches.compose(before -> process(now, batch));
            }
            return batches.map(true);
        });
    }

    private Future<Void> process(Serving now, List<Claim> batch) {
        return stores.contents()
                .load(batch)
                .compose(preflight::check)
                .compose(checked -> stores.sending()
                        .fail(now.fence(), checked.refused())
                        .compose(failed -> checked.ready().isEmpty()
                                ? Future.succeededFuture()
                                : place(now, checked.ready()).compose(placed -> send(now, checked.ready()))));
    }

    private Future<Void> place(Serving now, List<Outgoing> batch) {
        Failpoint.pass("replay.checked");
        var places = batch.stream().map(Outgoing::place).distinct().toList();
        return cluster.topics()
                .ends(places)
                .compose(ends -> stores.sending()
                        .place(
                                now.fence(),
                                batch,
                                batch.stream()
                                        .map(each -> ends.getOrDefault(each.place(), 0L))
                                        .toList()));
    }

    private Future<Void> send(Serving now, List<Outgoing> batch) {
        Failpoint.pass("replay.placed");
        return now.sender()
                .send(batch)
                .compose(sent -> stores.sending()
                        .settle(id, now.fence(), sent)
                        .onSuccess(settled -> Failpoint.pass("replay.settled")))
                .recover(failure -> failure instanceof AbortedException aborted
                        ? blame(now, batch, aborted)
                        : Future.failedFuture(failure));
    }

    /** A refused record aborts only itself: the others of its batch go one by one. */
    private Future<Void> blame(Serving now, List<Outgoing> batch, AbortedException aborted) {
        if (batch.size() > 1) {
            Future<Void> singles = Future.succeededFuture();
            for (var one : batch) {
                singles = singles.compose(before -> send(now, List.of(one)));
            }
            return singles;
        }
        var reason = "Kafka refused the record: " + aborted.getMessage();
        var claim = batch.get(0).claim();
        log.warn("Replay {} was refused by Kafka", claim.id(), aborted.getCause());
        return Refusals.isFinal(aborted)
                ? stores.sending().fail(now.fence(), List.of(new Refusal(claim.id(), reason)))
                : stores.sending().tryLater(now.fence(), batch, reason);
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
        return now == null ? Future.succeededFuture() : now.sender().close().otherwiseEmpty();
    }

    /** After the turn in hand: the sender first, so that the next owner finds nothing open. */
    Future<Void> giveBack() {
        return close().eventually(ownership::giveBack);
    }
}
