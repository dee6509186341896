package dev.redrive.job;

import static java.util.Objects.requireNonNull;

import dev.redrive.http.ApiServer;
import dev.redrive.http.Routes;
import dev.redrive.letter.StoredLetters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The API with jobs and their engine, on a database of its own. */
final class JobDesk implements AutoCloseable {

    final Vertx vertx = Vertx.vertx();
    final ApiServer api;
    final StoredLetters letters;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private @Nullable Jobs jobs;
    private boolean working;

    JobDesk(Work... more) throws Exception {
        api = ApiServer.with(pool -> {
            var made = new Jobs(vertx, pool, List.of(more));
            jobs = made;
            return all(made.routes());
        });
        letters = new StoredLetters(api.pool());
    }

    private static Routes all(List<Routes> routes) {
        return (RouterBuilder builder) -> routes.forEach(one -> one.bindTo(builder));
    }

    /** Until then jobs are only ordered. */
    JobDesk work() throws Exception {
        requireNonNull(jobs).deploy(metrics).await(20, TimeUnit.SECONDS);
        working = true;
        return this;
    }

    /** Letters that jobs of the type came to. */
    double counted(String type, String result) {
        return metrics.get("redrive.job.dead.letters")
                .tags("type", type, "result", result)
                .counter()
                .count();
    }

    JsonObject select(JsonObject ask) throws Exception {
        var answer = api.post("/api/v1/selections", ask);
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.bodyAsString());
        }
        return answer.bodyAsJsonObject();
    }

    HttpResponse<Buffer> order(String type, JsonObject selection, JsonObject options) throws Exception {
        return order(UUID.randomUUID().toString(), type, selection, options);
    }

    HttpResponse<Buffer> order(String key, String type, JsonObject selection, JsonObject options) throws Exception {
        return api.post(
                "/api/v1/jobs",
                new JsonObject()
                        .put("type", type)
                        .put("selectionId", selection.getString("id"))
                        .put("expectedCount", selection.getJsonObject("count").getLong("value"))
                        .put("reason", "INC-4711")
                        .put("options", options),
                "Idempotency-Key",
                key,
                "Prefer",
                "wait=" + (working ? 20 : 0));
    }

    JsonObject run(String type, JsonObject selection, JsonObject options) throws Exception {
        var answer = order(type, selection, options);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.bodyAsString());
        }
        return answer.bodyAsJsonObject();
    }

    HttpResponse<Buffer> undo(JsonObject job) throws Exception {
        return api.post(
                "/api/v1/jobs/" + job.getString("id") + "/undos",
                new JsonObject(),
                "Idempotency-Key",
                UUID.randomUUID().toString(),
                "Prefer",
                "wait=20");
    }

    JsonObject letter(long id) throws Exception {
        return api.json("/api/v1/dead-letters/" + id);
    }

    List<String> history(long id) throws Exception {
        JsonArray items = api.json("/api/v1/dead-letters/" + id + "/history").getJsonArray("items");
        return items.stream()
                .map(event -> ((JsonObject) event).getString("action"))
                .toList();
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
        api.close();
    }
}
