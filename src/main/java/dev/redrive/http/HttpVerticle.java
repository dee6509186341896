package dev.redrive.http;

import dev.redrive.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the API, the event stream and the UI on one port; several instances share it. Does not start when the
 * contract names an operation that nobody serves, or that {@link Gate} does not know.
 */
public final class HttpVerticle extends VerticleBase {

    /** Longer than a heartbeat of the event stream and than the 60 s that a caller may prefer to wait for an answer. */
    private static final int IDLE_SECONDS = 75;

    private static final int MAX_HEADER_BYTES = 8 << 10;

    private final Settings.Http settings;
    private final Contract contract;
    private final Gate gate;
    private final List<Routes> features;
    private final AtomicInteger listeners;

    private HttpServer server;

    /**
     * @param features what is served; their handlers run on the event loop of each instance and must keep no state
     * @param listeners how many browsers listen to the event stream, of all instances
     */
    @SuppressWarnings("NullAway.Init") // server is set in start(), which Vert.x calls first
    public HttpVerticle(
            Settings.Http settings, Contract contract, Gate gate, List<Routes> features, AtomicInteger listeners) {
        this.settings = settings;
        this.contract = contract;
        this.gate = gate;
        this.features = List.copyOf(features);
        this.listeners = listeners;
    }

    @Override
    public Future<?> start() {
        return contract.routable(vertx).compose(routable -> {
            var options = new HttpServerOptions()
                    .setHost(settings.host())
                    .setPort(settings.port())
                    .setCompressionSupported(true)
                    .setHandle100ContinueAutomatically(true)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    // Its bodies need no length and its limits are others, so it would be a second set of checks.
                    .setHttp2ClearTextEnabled(false)
                    .setIdleTimeout(IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS);
            server = vertx.createHttpServer(options).requestHandler(router(routable));
            return server.listen();
        });
    }

    @Override
    public Future<?> stop() {
        return server.shutdown(2, TimeUnit.SECONDS);
    }

    /** The port the server really has, which matters where {@code 0} was asked for. */
    public int actualPort() {
        return server.actualPort();
    }

    private Router router(OpenAPIContract routable) {
        var root = Router.router(vertx);
        root.route().handler(new Frame(ServerVersion.get()));
        root.route("/*").subRouter(api(routable));
        new Ui().mount(root);
        root.route().failureHandler(Problem::respond);
        // A path that no route matches never reaches a failure handler, only these.
        root.errorHandler(404, Problem::respond)
                .errorHandler(405, Problem::respond)
                .errorHandler(400, Problem::respond)
                .errorHandler(500, Problem::respond);
        return root;
    }

    private Router api(OpenAPIContract routable) {
        var routes = RouterBuilder.create(vertx, routable, new RequestReader(gate));
        var all = new ArrayList<>(features);
        all.add(new ContractRoutes(contract));
        all.add(new EventStream(vertx, listeners));
        all.forEach(feature -> feature.bindTo(routes));
        refuseGaps(routes);
        return routes.createRouter();
    }

    private void refuseGaps(RouterBuilder routes) {
        Set<String> unserved = new TreeSet<>();
        Set<String> unguarded = new TreeSet<>();
        for (OpenAPIRoute route : routes.getRoutes()) {
            var operationId = route.getOperation().getOperationId();
            if (route.getHandlers().isEmpty()) {
                unserved.add(operationId);
            }
            if (!gate.knows(operationId)) {
                unguarded.add(operationId);
            }
        }
        if (!unserved.isEmpty() || !unguarded.isEmpty()) {
            throw new IllegalStateException(
                    "Operations that nobody serves: " + unserved + ", that nobody guards: " + unguarded);
        }
    }
}
