package dev.redrive.replay;

import dev.redrive.Progress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one lane: tries to own it, serves it while it does, and gives it back when it stops. */
final class ReplayVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(ReplayVerticle.class);
    private static final long IDLE_MILLIS = 500;
    private static final long LEAST_BACK_OFF_MILLIS = 250;
    private static final long MOST_BACK_OFF_MILLIS = 10_000;

    private final Lanes lanes;
    private final int number;
    private final Progress.Loop progress;
    private final Promise<Void> stopped = Promise.promise();

    private @Nullable Lane lane;
    private @Nullable Promise<Void> sleep;
    private @Nullable MessageConsumer<Integer> bell;
    private long backOff = LEAST_BACK_OFF_MILLIS;
    private boolean rung;
    private boolean stopping;

    /**
     * @param number of the lane, from 0; all lanes of one process are of the same {@code lanes}
     * @param progress told of each turn, also of one that found the lane in the hands of another process
     */
    ReplayVerticle(Lanes lanes, int number, Progress.Loop progress) {
        this.lanes = lanes;
        this.number = number;
        this.progress = progress;
    }

    @Override
    public Future<?> start() {
        bell = vertx.eventBus().localConsumer(LaneBell.ADDRESS, message -> ring(message.body()));
        turn();
        return Future.succeededFuture();
    }

    /** The turn in hand is finished, so that what was sent is also settled. */
    @Override
    public Future<?> stop() {
        stopping = true;
        wake();
        return stopped.future().compose(ended -> {
            progress.ended();
            var mine = lane;
            return mine == null
                    ? Future.succeededFuture()
                    : lanes.leave(mine.id()).compose(left -> mine.giveBack());
        });
    }

    private void ring(int which) {
        if (which == number || which == LaneBell.ALL) {
            rung = true;
            wake();
        }
    }

    private void wake() {
        if (sleep != null) {
            sleep.tryComplete();
        }
    }

    /** Chained with onComplete and not compose, because an endless chain of composed futures is a leak. */
    private void turn() {
        if (stopping) {
            if (bell != null) {
                bell.unregister();
            }
            stopped.complete();
            return;
        }
        rung = false;
        opened().compose(Lane::turn)
                .compose(more -> {
                    backOff = LEAST_BACK_OFF_MILLIS;
                    progress.turned();
                    return more ? Future.<Void>succeededFuture() : idle(IDLE_MILLIS);
                })
                .recover(this::backOff)
                .onComplete(done -> turn());
    }

    /** The lane is known once Kafka has told who it is. */
    private Future<Lane> opened() {
        var known = lane;
        return known != null
                ? Future.succeededFuture(known)
                : lanes.open(vertx, number).onSuccess(opened -> lane = opened);
    }

    /** Jitter, so that the lanes of several processes do not ask in step. */
    private Future<Void> backOff(Throwable failure) {
        long pause = backOff + ThreadLocalRandom.current().nextLong(backOff);
        log.warn("Lane {} of {} starts over in {} ms: {}", number, lanes.cluster(), pause, failure.toString());
        log.debug("Cause", failure);
        backOff = Math.min(MOST_BACK_OFF_MILLIS, backOff * 2);
        return vertx.timer(pause).mapEmpty();
    }

    private Future<Void> idle(long millis) {
        if (rung || stopping) {
            return Future.succeededFuture();
        }
        Promise<Void> until = Promise.promise();
        sleep = until;
        long timer = vertx.setTimer(millis, late -> until.tryComplete());
        return until.future().onComplete(awake -> {
            vertx.cancelTimer(timer);
            sleep = null;
        });
    }
}
