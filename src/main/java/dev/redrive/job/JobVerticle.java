package dev.redrive.job;

import dev.redrive.Backoff;
import dev.redrive.LastingFailure;
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
    private final LastingFailure failure = new LastingFailure(log, "Jobs do not go on for now");
    private final LastingFailure keeping = new LastingFailure(log, "Old selections are forgotten later");
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
                        .onSuccess(forgotten -> keeping.over())
                        .onFailure(keeping::tell));
        return Future.succeededFuture();
    }

    /** Waits for the batch in hand. */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP).otherwiseEmpty();
    }

    private Future<Duration> turn() {
        return engine.turn().onSuccess(done -> {
            failure.over();
            backoff.over();
        });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return backoff.next();
    }
}
