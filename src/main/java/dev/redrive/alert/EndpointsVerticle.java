package dev.redrive.alert;

import dev.redrive.LastingFailure;
import dev.redrive.Progress;
import dev.redrive.Turns;
import dev.redrive.alert.EndpointOpener.CannotOpenException;
import dev.redrive.alert.EndpointStore.Sealed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one loop for each endpoint there is, whichever process added, changed or removed it. It looks instead of
 * listening: the table is small, and a look that failed is made up for by the next.
 */
final class EndpointsVerticle extends VerticleBase {

    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(EndpointsVerticle.class);
    private static final long QUERY_MILLIS = 10_000;
    private static final Duration COUNTING = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofSeconds(2);

    /** @param signedTwice while the secret before still signs, so that the loop is replaced when it no longer does */
    private record State(int version, boolean signedTwice) {}

    private record Running(State state, List<String> deployments) {}

    private final EndpointStore store;
    private final EndpointOpener opener;
    private final Channels channels;
    private final DeliveryVerticle.Shared shared;
    private final Progress progress;
    private final Duration interval;
    private final UUID process = UUID.randomUUID();
    private final Map<Integer, Running> running = new HashMap<>();
    private final LastingFailure failure = new LastingFailure(log, "Changed endpoints are not noticed for now");
    private final Promise<Void> looked = Promise.promise();
    private Turns turns;

    /** @param interval between two looks */
    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    EndpointsVerticle(
            EndpointStore store,
            EndpointOpener opener,
            Channels channels,
            DeliveryVerticle.Shared shared,
            Progress progress,
            Duration interval) {
        this.store = store;
        this.opener = opener;
        this.channels = channels;
        this.shared = shared;
        this.progress = progress;
        this.interval = interval;
    }

    /** Done after the first look, so that the loops are there, whatever came of it. */
    @Override
    public Future<?> start() {
        vertx.setPeriodic(1, COUNTING.toMillis(), count -> store.outbox().onSuccess(shared.metrics()::show));
        turns = Turns.begin(vertx, this::turn, this::failed);
        return looked.future();
    }

    @Override
    public Future<?> stop() {
        return turns.stop(STOP)
                .otherwiseEmpty()
                .compose(ended ->
                        store.forget(process).timeout(2, TimeUnit.SECONDS).otherwiseEmpty());
    }

    private Future<Duration> turn() {
        return store.lines()
                .timeout(QUERY_MILLIS, TimeUnit.MILLISECONDS)
                .compose(this::follow)
                .map(followed -> {
                    failure.over();
                    looked.tryComplete();
                    return interval;
                });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        looked.tryComplete();
        return interval;
    }

    private Future<Void> follow(List<Sealed> lines) {
        var wanted = lines.stream().collect(Collectors.toMap(Sealed::id, EndpointsVerticle::state));
        List.copyOf(running.entrySet()).stream()
                .filter(entry -> !entry.getValue().state().equals(wanted.get(entry.getKey())))
                .forEach(entry -> end(entry.getKey(), entry.getValue()));
        return Future.join(lines.stream()
                        .filter(line -> !running.containsKey(line.id()))
                        .map(this::begin)
                        .toList())
                .mapEmpty();
    }

    private static State state(Sealed line) {
        return new State(line.version(), line.oldSecret() != null);
    }

    /** The attempt in hand may take its time: the lease keeps the next loop from sending meanwhile. */
    private void end(int id, Running ended) {
        running.remove(id);
        ended.deployments()
                .forEach(deployment -> vertx.undeploy(deployment)
                        .onFailure(failure -> log.warn("A loop did not end: {}", failure.toString())));
    }

    private Future<Void> begin(Sealed line) {
        var deployments = new ArrayList<String>();
        running.put(line.id(), new Running(state(line), deployments));
        try {
            var opened = new DeliveryVerticle.Line(line.id(), line.version(), opener.open(line));
            return deploy(opened, deployments);
        } catch (CannotOpenException closed) {
            log.warn("Endpoint {} is told nothing by this process: {}", line.name(), closed.getMessage());
            return store.fail(line.id(), String.valueOf(closed.getMessage()));
        }
    }

    private Future<Void> deploy(DeliveryVerticle.Line line, List<String> deployments) {
        var endpoint = line.endpoint();
        var loops = new ArrayList<Future<?>>();
        loops.add(vertx.deployVerticle(new DeliveryVerticle(
                        line,
                        shared,
                        loop -> channels.open(loop, endpoint),
                        progress.loop("outbox of " + endpoint.name())))
                .onSuccess(deployments::add));
        if (endpoint.kind() == EndpointKind.HEARTBEAT && endpoint.address() instanceof Address.Http address) {
            loops.add(vertx.deployVerticle(new HeartbeatVerticle(
                            line,
                            store,
                            loop -> channels.http(loop, endpoint, address),
                            progress,
                            process,
                            HeartbeatVerticle.Pace.STANDARD))
                    .onSuccess(deployments::add));
        }
        return Future.all(loops).mapEmpty();
    }
}
