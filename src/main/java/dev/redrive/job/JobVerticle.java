package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what there is to do, batch after batch, in every process. */
final class JobVerticle extends VerticleBase {

    /** On the event bus of this process: there is something to do. Others look by themselves. */
    static final String WAKE = "redrive.jobs";

    private static final Logger log = LoggerFactory.getLogger(JobVerticle.class);
    private static final long LEAST_BACK_OFF_MILLIS = 250;
    private static final long MOST_BACK_OFF_MILLIS = 10_000;
    private static final long FORGET_MILLIS = 10 * 60_000;

    private final BatchStore store;
    private final JobEngine engine;
    private final Promise<Void> stopped = Promise.promise();
    private Promise<Void> wake = Promise.promise();
    private long backOff = LEAST_BACK_OFF_MILLIS;
    private boolean stopping;

    JobVerticle(BatchStore store, JobEngine engine) {
        this.store = store;
        this.engine = engine;
    }

    @Override
    public Future<?> start() {
        vertx.eventBus().localConsumer(WAKE, message -> wake.tryComplete());
        vertx.setPeriodic(
                FORGET_MILLIS,
                timer -> store.pool()
                        .withConnection(SelectionStore::forget)
                        .onFailure(failure -> log.warn("Cannot forget old selections: {}", failure.toString())));
        turn();
        return Future.succeededFuture();
    }

    /** Waits for the batch in hand. */
    @Override
    public Future<?> stop() {
        stopping = true;
        wake.tryComplete();
        return stopped.future().timeout(8, TimeUnit.SECONDS).otherwiseEmpty();
    }

    /** Chained with onComplete and not compose, because an endless chain of composed futures is a leak. */
    private void turn() {
        if (stopping) {
            stopped.tryComplete();
            return;
        }
        wake = Promise.promise();
        engine.turn().onComplete(done -> {
            if (done.failed()) {
                rest(backOff(done.cause()));
            } else {
                backOff = LEAST_BACK_OFF_MILLIS;
                if (done.result().isZero()) {
                    turn();
                } else {
                    rest(done.result().toMillis());
                }
            }
        });
    }

    private void rest(long millis) {
        long timer = vertx.setTimer(millis, late -> wake.tryComplete());
        wake.future().onComplete(woken -> {
            vertx.cancelTimer(timer);
            turn();
        });
    }

    /** Jitter, so that the processes do not come back in step. */
    private long backOff(Throwable failure) {
        long pause = backOff + ThreadLocalRandom.current().nextLong(backOff);
        if (!stopping) {
            log.warn("Jobs go on in {} ms: {}", pause, failure.toString());
            log.debug("Cause", failure);
        }
        backOff = Math.min(MOST_BACK_OFF_MILLIS, backOff * 2);
        return pause;
    }
}
