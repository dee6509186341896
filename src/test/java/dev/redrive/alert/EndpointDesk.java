package dev.redrive.alert;

import dev.redrive.PrivateTargets;
import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.http.ApiServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The API over endpoints and deliveries, and the loops that tell, as the product runs them. */
final class EndpointDesk implements AutoCloseable {

    static final String ENDPOINTS = "/api/v1/webhooks";
    static final String KEY = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Progress progress = new Progress();
    final ApiServer api;

    /** @param key null for a process that cannot seal */
    EndpointDesk(@Nullable String key) throws Exception {
        api = ApiServer.with(
                pool -> routes -> alerts(key, pool).routes(vertx, pool).forEach(each -> each.bindTo(routes)));
    }

    private static Alerts alerts(@Nullable String key, Pool pool) {
        return new Alerts(
                new Settings(
                        new Settings.Database("", 4),
                        List.of(),
                        new Settings.Http("127.0.0.1", 0, 0, OutboxRows.PUBLIC_URL),
                        new Settings.Access(Settings.Access.Mode.NONE, null),
                        new Settings.Ingest(1, 1, Duration.ofSeconds(1)),
                        new Settings.Replay(1, 1, Duration.ofSeconds(1)),
                        null,
                        new Settings.Channels(key, PrivateTargets.of("127.0.0.0/8")),
                        Duration.ofSeconds(1),
                        1_000),
                pool);
    }

    /** As one process tells. */
    EndpointDesk tell(@Nullable String key) throws Exception {
        ApiServer.await(alerts(key, api.pool()).deploy(vertx, metrics, progress));
        return this;
    }

    static JsonObject endpoint(String name, EndpointKind kind, String address) {
        return new JsonObject().put("name", name).put("kind", kind.word()).put("address", address);
    }

    JsonObject add(String name, EndpointKind kind, String address) throws Exception {
        var answer = make(endpoint(name, kind, address));
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.bodyAsString());
        }
        return answer.bodyAsJsonObject();
    }

    /** With a new Idempotency-Key. */
    HttpResponse<Buffer> make(JsonObject endpoint) throws Exception {
        return make(endpoint, UUID.randomUUID().toString());
    }

    HttpResponse<Buffer> make(JsonObject endpoint, String key) throws Exception {
        return api.post(ENDPOINTS, endpoint, "Idempotency-Key", key);
    }

    HttpResponse<Buffer> put(String id, JsonObject body) throws Exception {
        return api.send(
                HttpMethod.PUT,
                ENDPOINTS + "/" + id,
                body.toBuffer(),
                "Content-Type",
                "application/json",
                "If-Match",
                "*");
    }

    HttpResponse<Buffer> post(String path) throws Exception {
        return api.send(HttpMethod.POST, path, null);
    }

    /** What something that happens would write. */
    void happen(String episode) throws Exception {
        var event = new AlertEvent("redrive.alert.firing", episode, null, new JsonObject().put("title", episode));
        ApiServer.await(api.pool().withTransaction(connection -> EventStore.write(connection, List.of(event))));
    }

    void sql(String sql) throws Exception {
        ApiServer.await(api.pool().query(sql).execute());
    }

    @Override
    public void close() throws Exception {
        ApiServer.await(vertx.close());
        api.close();
    }
}
