package dev.redrive.replay;

import dev.redrive.Failpoint;
import dev.redrive.replay.CopyStore.Suspect;
import dev.redrive.replay.LaneStore.Taken;
import dev.redrive.replay.Receipts.Log;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first step of an owner, with transactions: fence, barrier, read the receipts, settle what they prove and put the
 * rest back. Only in this order; a receipt read before the fence proves nothing about what comes after it.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** The target's own limit is the only one: it is checked before anything is sent. */
    private static final int MOST_BYTES = 100 * 1024 * 1024;

    private final Vertx vertx;
    private final TargetCluster cluster;
    private final RecoveryStore store;
    private final CopyStore copies;

    Recovery(Vertx vertx, TargetCluster cluster, RecoveryStore store, CopyStore copies) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.store = store;
        this.copies = copies;
    }

    /** The receipts cannot prove anything any more. A person has to decide. */
    static final class LostProofException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostProofException(String what) {
            super(what);
        }
    }

    /** @return a sender that may send; fails with {@link LostProofException} before anything was changed */
    Future<Sender> open(LaneId lane, Taken taken) {
        return log(lane, taken)
                .compose(receipts -> producer(lane, taken)
                        .compose(sender -> sender.open()
                                .compose(barrier -> reconcile(lane, taken, receipts, barrier))
                                .<Sender>map(reconciled -> sender)
                                .recover(failure -> sender.close().transform(closed -> Future.failedFuture(failure)))));
    }

    private Future<TransactionalSender> producer(LaneId lane, Taken taken) {
        // On a worker, because the client looks up host names while it is made.
        return vertx.executeBlocking(() -> cluster.clients().laneProducer(vertx, lane.transactionalId(), MOST_BYTES))
                .map(producer -> new TransactionalSender(vertx, lane, taken.fence(), taken.clock(), producer));
    }

    /** Where to read from. A lane without a position is new, and may create the topic. */
    private Future<Log> log(LaneId lane, Taken taken) {
        var receipts = cluster.receipts();
        boolean isNew = taken.receiptsTopicId() == null;
        return receipts.find(lane.lane())
                .compose(found -> found.isPresent() || !isNew
                        ? Future.succeededFuture(found)
                        : receipts.create(cluster.settings().lanes()).compose(created -> await(lane)))
                .map(found -> proving(found, taken));
    }

    /** The answer to a creation comes before all brokers know the topic. */
    private Future<Optional<Log>> await(LaneId lane) {
        return vertx.timer(200).compose(waited -> cluster.receipts().find(lane.lane()));
    }

    private static Log proving(Optional<Log> found, Taken taken) {
        var bound = taken.receiptsTopicId();
        var next = taken.receiptsNextOffset();
        if (bound == null || next == null) {
            return found.orElseThrow(() -> new IllegalStateException("The receipts topic is not there yet"));
        }
        var receipts =
                found.orElseThrow(() -> new LostProofException("The receipts topic " + Receipts.TOPIC + " is gone"));
        if (!receipts.topicId().equals(bound)) {
            throw new LostProofException("The receipts topic " + Receipts.TOPIC + " was deleted and created again");
        }
        if (receipts.start() > next) {
            throw new LostProofException("Receipts from offset " + next + " to " + receipts.start() + " are gone");
        }
        return new Log(receipts.topicId(), next);
    }

    private Future<Void> reconcile(LaneId lane, Taken taken, Log from, long barrier) {
        Failpoint.pass("replay.barrier");
        return cluster.receipts()
                .read(lane, from.start(), barrier)
                .recover(failure -> Future.failedFuture(
                        failure instanceof OffsetOutOfRangeException
                                ? new LostProofException("Receipts from offset " + from.start() + " are gone")
                                : failure))
                .compose(receipts -> {
                    Failpoint.pass("replay.receipts-read");
                    return store.reconcile(lane, taken.fence(), receipts, from.topicId(), barrier + 1);
                })
                .compose(reconciled -> {
                    Failpoint.pass("replay.reconciled");
                    return reportCopies(lane, taken.fence());
                });
    }

    /** Not finding out is no reason not to serve: the replay keeps saying that there may be a copy. */
    private Future<Void> reportCopies(LaneId lane, long fence) {
        return copies.unsearched(lane)
                .compose(suspects -> suspects.isEmpty()
                        ? Future.<Void>succeededFuture()
                        : cluster.search().search(suspects).compose(result -> keep(lane, fence, suspects, result)))
                .recover(failure -> {
                    log.warn("Could not search the targets of {} for aborted copies", lane, failure);
                    return Future.succeededFuture();
                })
                .onSuccess(reported -> Failpoint.pass("replay.copies-reported"));
    }

    private Future<Void> keep(LaneId lane, long fence, List<Suspect> suspects, TargetSearch.Result result) {
        var found = new ArrayList<Sender.Copy>();
        result.found()
                .forEach((replay, places) ->
                        places.forEach(place -> found.add(new Sender.Copy(replay, place.partition(), place.offset()))));
        var searched = suspects.stream()
                .filter(suspect -> suspect.place() != null && result.complete().contains(suspect.place()))
                .map(Suspect::replayId)
                .toList();
        return copies.report(lane, fence, found, searched);
    }
}
