package dev.redrive.job;

import dev.redrive.Backoff;
import dev.redrive.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what there is to do, batch after batch, in every process. */
final class JobVerticle extends VerticleBase {

    /** On the event bus of this process: there is something to do. Others look by themselves. */
    static final String WAKE = "redrive.jobs";

    private static final Logger log = LoggerFactory.getLogger(JobVerticle.class);
    private static final Duration STOP = Duration.ofSeconds(8);
    private static final long FORGET_MILLIS = 10 * 60_000;

    private final BatchStore store;
    private final JobEngine engine;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20));
    private Turns turns;

    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    JobVerticle(BatchStore store, JobEngine engine) {
        this.store = store;
        this.engine = engine;
    }

    @Override
    public Future<?> start() {
        turns = Turns.begin(vertx, this::turn, this::failed);
        vertx.eventBus().localConsumer(WAKE, message -> turns.wake());
        vertx.setPeriodic(
                FORGET_MILLIS,
                timer -> store.pool()
                        .withConnection(SelectionStore::forget)
                        .onFailure(failure -> log.warn("Cannot forget old selections: {}", failure.toString())));
        return Future.succeededFuture();
    }

    /** Waits for the batch in hand. */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP).otherwiseEmpty();
    }

    private Future<Duration> turn() {
        return engine.turn().onSuccess(done -> backoff.over());
    }

    private Duration failed(Throwable failure) {
        var pause = backoff.next();
        log.warn("Jobs go on in {} ms: {}", pause.toMillis(), failure.toString());
        log.debug("Cause", failure);
        return pause;
    }
}
