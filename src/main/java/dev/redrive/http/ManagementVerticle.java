package dev.redrive.http;

import dev.redrive.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Health and metrics on a port of their own, without data. {@code /livez} says that the event loop answers and never
 * looks at Kafka or Postgres: restarting this process would not bring them back.
 */
public final class ManagementVerticle extends VerticleBase {

    private final Settings.Http settings;
    private final Readiness readiness;
    private final PrometheusMeterRegistry metrics;

    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // server is set in start(), which Vert.x calls first
    public ManagementVerticle(Settings.Http settings, Readiness readiness, PrometheusMeterRegistry metrics) {
        this.settings = settings;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        var router = Router.router(vertx);
        router.get("/livez").handler(context -> context.end("ok\n"));
        router.get("/readyz").handler(this::ready);
        router.get("/metrics").handler(this::scrape);
        // Probes speak HTTP/1.1; one that offers an upgrade and goes away in it would be an error in the log.
        var options = new HttpServerOptions().setHttp2ClearTextEnabled(false);
        server = vertx.createHttpServer(options).requestHandler(router);
        return server.listen(settings.managementPort(), settings.host());
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }

    /** The port the server really has, which matters where {@code 0} was asked for. */
    public int actualPort() {
        return server.actualPort();
    }

    private void ready(RoutingContext context) {
        readiness
                .check()
                .compose(health -> context.response()
                        .setStatusCode(health.status().equals("down") ? 503 : 200)
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(health.toJson().toBuffer()))
                .onFailure(context::fail);
    }

    /** Off the event loop: thousands of meters take a while to write. */
    private void scrape(RoutingContext context) {
        vertx.<String>executeBlocking(metrics::scrape)
                .compose(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                        .end(text))
                .onFailure(context::fail);
    }
}
