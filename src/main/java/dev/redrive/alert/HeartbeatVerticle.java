package dev.redrive.alert;

import dev.redrive.LastingFailure;
import dev.redrive.Progress;
import dev.redrive.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dead man's switch: pings an address as long as letters are read, replays are sent and alerts are told. Whoever
 * watches the address calls somebody when the pings end, which is all that a product can do about its own silence. One
 * process pings for all, and none while a loop of any of them hangs.
 */
final class HeartbeatVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(HeartbeatVerticle.class);
    private static final long QUERY_MILLIS = 10_000;
    private static final Duration STOP = Duration.ofSeconds(2);

    /**
     * @param look between two looks at the loops
     * @param interval between two pings at least
     * @param fresh how old the word of another process may be; one that is silent longer is gone, and others do its work
     */
    record Pace(Duration look, Duration interval, Duration fresh) {
        static final Pace STANDARD = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(3));
    }

    private final DeliveryVerticle.Line line;
    private final EndpointStore store;
    private final Function<Vertx, HttpChannel> opening;
    private final Progress progress;
    private final UUID process;
    private final Pace pace;
    private final LastingFailure failure;

    private HttpChannel channel;
    private Turns turns;
    private List<String> withheld = List.of();

    /** @param process this one, by an id that it has for its life */
    @SuppressWarnings("NullAway.Init") // channel and turns begin in start(), which Vert.x calls first
    HeartbeatVerticle(
            DeliveryVerticle.Line line,
            EndpointStore store,
            Function<Vertx, HttpChannel> opening,
            Progress progress,
            UUID process,
            Pace pace) {
        this.line = line;
        this.store = store;
        this.opening = opening;
        this.progress = progress;
        this.process = process;
        this.pace = pace;
        this.failure = new LastingFailure(log, "Heartbeat of " + line.endpoint() + " is missing");
    }

    @Override
    public Future<?> start() {
        channel = opening.apply(vertx);
        turns = Turns.begin(vertx, this::turn, this::failed);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return turns.stop(STOP).otherwiseEmpty().eventually(channel::close);
    }

    private Future<Duration> turn() {
        return look().map(looked -> {
            failure.over();
            return pace.look();
        });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return pace.look();
    }

    private Future<Void> look() {
        var stuck = progress.stuck();
        return Future.succeededFuture()
                .compose(ready -> store.report(process, stuck))
                .timeout(QUERY_MILLIS, TimeUnit.MILLISECONDS)
                .compose(reported -> stuck.isEmpty() ? ping() : withhold(stuck));
    }

    private Future<Void> ping() {
        withheld = List.of();
        return store.takePing(line.id(), line.version(), pace.interval(), pace.fresh())
                .timeout(QUERY_MILLIS, TimeUnit.MILLISECONDS)
                .compose(ours -> ours
                        ? channel.ping(Instant.now()).compose(answer -> store.pinged(line.id(), error(answer)))
                        : Future.succeededFuture());
    }

    private static @Nullable String error(Answer answer) {
        if (answer instanceof Answer.Refused refused) {
            return "HTTP status " + refused.status();
        }
        if (answer instanceof Answer.Unreachable unreachable) {
            return unreachable.reason();
        }
        return answer instanceof Answer.Gone ? "HTTP status 410" : null;
    }

    /** Said once, and not with every look. */
    private Future<Void> withhold(List<String> stuck) {
        if (stuck.equals(withheld)) {
            return Future.succeededFuture();
        }
        withheld = stuck;
        log.warn("Heartbeat of {} is withheld, no progress of: {}", line.endpoint(), stuck);
        return store.pinged(line.id(), "withheld, no progress of: " + String.join(", ", stuck));
    }
}
