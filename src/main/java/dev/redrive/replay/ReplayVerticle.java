package dev.redrive.replay;

import dev.redrive.Backoff;
import dev.redrive.LastingFailure;
import dev.redrive.Progress;
import dev.redrive.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one lane: tries to own it, serves it while it does, and gives it back when it stops. */
final class ReplayVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(ReplayVerticle.class);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(8);

    private final Lanes lanes;
    private final int number;
    private final Progress.Loop progress;
    private final Backoff backoff;
    private final LastingFailure failure;

    private Turns turns;
    private @Nullable Lane lane;
    private boolean failing;

    /**
     * @param number of the lane, from 0; all lanes of one process are of the same {@code lanes}
     * @param progress told of each turn, also of one that found the lane in the hands of another process
     */
    ReplayVerticle(Lanes lanes, int number, Progress.Loop progress) {
        this(lanes, number, progress, new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20)));
    }

    /** @param backoff with jitter, so that the lanes of several processes do not ask in step */
    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    ReplayVerticle(Lanes lanes, int number, Progress.Loop progress, Backoff backoff) {
        this.lanes = lanes;
        this.number = number;
        this.progress = progress;
        this.backoff = backoff;
        this.failure = new LastingFailure(log, "Lane " + number + " of " + lanes.cluster() + " sends nothing for now");
    }

    @Override
    public Future<?> start() {
        turns = Turns.begin(vertx, this::turn, this::failed);
        vertx.eventBus().<Integer>localConsumer(LaneBell.ADDRESS, message -> ring(message.body()));
        return Future.succeededFuture();
    }

    /**
     * The turn in hand is finished, so that what was sent is also settled. One that takes too long keeps its lane: the
     * lease ends by itself, and the next owner finds out what was sent.
     */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP)
                .compose(ended -> {
                    var mine = lane;
                    return mine == null
                            ? Future.succeededFuture()
                            : lanes.leave(mine.id()).compose(left -> mine.giveBack());
                })
                .onComplete(given -> progress.ended());
    }

    /** Who fails rests, however many replays are asked for meanwhile. */
    private void ring(int which) {
        if (!failing && (which == number || which == LaneBell.ALL)) {
            turns.wake();
        }
    }

    private Future<Duration> turn() {
        return opened().compose(Lane::turn).map(more -> {
            failing = false;
            backoff.over();
            failure.over();
            progress.turned();
            return more ? Duration.ZERO : IDLE;
        });
    }

    private Duration failed(Throwable cause) {
        failing = true;
        failure.tell(cause);
        return backoff.next();
    }

    /** The lane is known once Kafka has told who it is. */
    private Future<Lane> opened() {
        var known = lane;
        return known != null
                ? Future.succeededFuture(known)
                : lanes.open(vertx, number).onSuccess(opened -> lane = opened);
    }
}
