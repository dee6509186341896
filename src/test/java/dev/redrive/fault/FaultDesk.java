package dev.redrive.fault;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The product as one or several processes on a Kafka that breaks, and what its users ask of it. */
final class FaultDesk implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    final Broker broker;
    private final String databaseUrl;
    private final String prefix;
    private final RedriveProcess.Start start;
    private final List<RedriveProcess> processes = new ArrayList<>();
    private int asked;

    /** @param with settings of all its processes */
    FaultDesk(Broker broker, String databaseUrl, UnaryOperator<RedriveProcess.Start> with) {
        this.broker = broker;
        this.prefix = "f" + UUID.randomUUID().toString().substring(0, 8);
        this.databaseUrl = databaseUrl;
        this.start = with.apply(settings(databaseUrl));
    }

    private RedriveProcess.Start settings(String url) {
        return RedriveProcess.on(url, broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + prefix)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!" + prefix + ").*")
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S")
                .with("REDRIVE_REPLAY_LEASE", "PT3S")
                .with("REDRIVE_OUTCOME_WINDOW", "PT1S")
                .with("REDRIVE_REPLAY_LANES", "2");
    }

    /** Of the same installation, with settings that other processes of it do not have. */
    FaultDesk(FaultDesk other, UnaryOperator<RedriveProcess.Start> with) {
        this.broker = other.broker;
        this.prefix = other.prefix;
        this.start = with.apply(settings(other.databaseUrl));
        this.databaseUrl = other.databaseUrl;
    }

    /** Another process, when it is ready. */
    RedriveProcess start() {
        var process = launch();
        process.awaitReady();
        return process;
    }

    /** Another process, at once. */
    RedriveProcess launch() {
        var process = start.launch();
        processes.add(process);
        return process;
    }

    /** A topic and its dead letters, which nobody else uses. */
    Letters letters() {
        return new Letters(this, prefix + "." + UUID.randomUUID().toString().substring(0, 8));
    }

    /** Of the processes that live in turn: one of them may be paused. */
    private String url() {
        var alive = processes.stream().filter(RedriveProcess::isAlive).toList();
        return alive.get(Math.floorMod(asked++, alive.size())).url();
    }

    JsonObject get(String path) throws IOException, InterruptedException {
        return json(HTTP.send(request(path).build(), BodyHandlers.ofString()));
    }

    JsonObject post(String path, JsonObject body, String key) throws IOException, InterruptedException {
        return json(HTTP.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(body.encode()))
                        .build(),
                BodyHandlers.ofString()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + "/api/v1" + path)).timeout(Duration.ofSeconds(10));
    }

    private static JsonObject json(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    /** Waits until as many letters match. */
    void awaitLetters(long count, String q) {
        Eventually.until(PATIENCE, count + " letters for " + q, () -> hits(q) == count);
    }

    /**
     * A job that replays all letters that match, asked for again with the same key until there is an answer.
     *
     * @return its id
     */
    String order(String q, JsonObject options) {
        var key = UUID.randomUUID().toString();
        var selection = Eventually.value(
                PATIENCE,
                "a selection of " + q,
                () -> Optional.of(post(
                        "/selections",
                        new JsonObject().put("q", q),
                        UUID.randomUUID().toString())));
        var order = new JsonObject()
                .put("type", "replay")
                .put("selectionId", selection.getString("id"))
                .put("expectedCount", selection.getJsonObject("count").getLong("value"))
                .put("reason", "fault")
                .put("options", options);
        return Eventually.value(PATIENCE, "a job over " + q, () -> Optional.of(post("/jobs", order, key)))
                .getString("id");
    }

    /** Asks once for the same, for whoever does not mind that there is no answer or nothing to replay. */
    void orderOnce(String q) throws IOException, InterruptedException {
        var selection = post(
                "/selections", new JsonObject().put("q", q), UUID.randomUUID().toString());
        var order = new JsonObject()
                .put("type", "replay")
                .put("selectionId", selection.getString("id"))
                .put("expectedCount", selection.getJsonObject("count").getLong("value"))
                .put("reason", "soak");
        if (order.getLong("expectedCount") > 0) {
            post("/jobs", order, UUID.randomUUID().toString());
        }
    }

    /** Whether a job has not ended. */
    boolean isBusy() throws IOException, InterruptedException {
        return !get("/jobs?state=scheduled,running,paused")
                .getJsonArray("items")
                .isEmpty();
    }

    /** Any number of letters, as a selection counts them. */
    long hits(String q) throws IOException, InterruptedException {
        return post(
                        "/selections",
                        new JsonObject().put("q", q),
                        UUID.randomUUID().toString())
                .getJsonObject("count")
                .getLong("value");
    }

    JsonObject job(String id) throws IOException, InterruptedException {
        return get("/jobs/" + id);
    }

    static long sent(JsonObject job) {
        var sent = job.getJsonObject("counters").getLong("sent");
        return sent == null ? 0 : sent;
    }

    JsonObject await(String job, String what, Predicate<JsonObject> condition) {
        return Eventually.value(PATIENCE, what, () -> {
            var now = job(job);
            if (condition.test(now)) {
                return Optional.of(now);
            }
            throw new IllegalStateException(now.encode());
        });
    }

    /** @return the job, which has succeeded */
    JsonObject ended(String job) {
        return await(job, "the job to succeed", now -> now.getString("state").equals("succeeded"));
    }

    /** What the lanes say of themselves: health and why. */
    List<String> lanes() throws IOException, InterruptedException {
        return get("/lanes").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .map(lane -> lane.getString("health") + " " + lane.getString("mode") + " " + lane.getString("detail"))
                .toList();
    }

    @Override
    public void close() {
        processes.forEach(RedriveProcess::close);
    }
}
