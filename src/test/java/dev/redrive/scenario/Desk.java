package dev.redrive.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** The API as a runbook uses it. Every call fails the test when the answer is not the one that was asked for. */
final class Desk {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration JOB_PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String url;

    Desk(RedriveProcess redrive) {
        this.url = redrive.url() + "/api/v1";
    }

    /** Waits until exactly so many letters match, newest first, without payloads. */
    List<JsonObject> letters(int count, String query) {
        return Eventually.value(PATIENCE, count + " letters for " + query, () -> {
            var items = items("/dead-letters?limit=500&q=" + encoded(query));
            return items.size() == count ? Optional.of(items) : Optional.empty();
        });
    }

    List<JsonObject> items(String path) throws IOException, InterruptedException {
        var items = get(path).getJsonArray("items");
        return IntStream.range(0, items.size()).mapToObj(items::getJsonObject).toList();
    }

    JsonObject letter(String id) throws IOException, InterruptedException {
        return get("/dead-letters/" + id);
    }

    JsonObject get(String path) throws IOException, InterruptedException {
        return json(HTTP.send(request(path).build(), BodyHandlers.ofString()), 200);
    }

    JsonObject post(String path, JsonObject body, int status) throws IOException, InterruptedException {
        return post(path, body, status, UUID.randomUUID().toString());
    }

    JsonObject post(String path, JsonObject body, int status, String idempotencyKey)
            throws IOException, InterruptedException {
        var request = request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
        return json(HTTP.send(request, BodyHandlers.ofString()), status);
    }

    /** Creates the first draft of a letter. */
    JsonObject draft(String id, JsonObject edit) throws IOException, InterruptedException {
        var request = request("/dead-letters/" + id + "/draft")
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(HttpRequest.BodyPublishers.ofString(edit.encode()))
                .build();
        return json(HTTP.send(request, BodyHandlers.ofString()), 201);
    }

    /** Waits for the outcome of a replay. */
    JsonObject outcome(String replayId, String outcome) {
        return Eventually.value(PATIENCE, "outcome " + outcome + " of replay " + replayId, () -> {
            var replay = get("/replays/" + replayId);
            if (outcome.equals(replay.getString("outcome"))) {
                return Optional.of(replay);
            }
            throw new IllegalStateException(replay.encode());
        });
    }

    /** By one job and not by a request each: the lane that sends them is the same. Returns when all were sent. */
    void replayAll(int count, String query, JsonObject options) throws IOException, InterruptedException {
        var selection = post("/selections", new JsonObject().put("q", query), 201);
        var job = post(
                "/jobs",
                new JsonObject()
                        .put("type", "replay")
                        .put("selectionId", selection.getString("id"))
                        .put("expectedCount", count)
                        .put("options", options)
                        .put("reason", "their consumer was mended"),
                202);
        Eventually.until(
                JOB_PATIENCE,
                "the job over " + query,
                () -> get("/jobs/" + job.getString("id")).getString("state").equals("succeeded"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(20));
    }

    private static JsonObject json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode())
                .as("%s: %s", response.request().uri(), response.body())
                .isEqualTo(status);
        return new JsonObject(response.body());
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }
}
