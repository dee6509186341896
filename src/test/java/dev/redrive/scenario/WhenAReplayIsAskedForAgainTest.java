package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a client that repeats itself, or saw an older state, is told. */
class WhenAReplayIsAskedForAgainTest {

    private static final String ORIGINAL = "{\"source\":\"original\"}";

    private static final String PREFIX = "again." + UUID.randomUUID() + ".";

    private static Broker broker;
    private static RedriveProcess redrive;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String orders = PREFIX + UUID.randomUUID();
    private String letter;

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + PREFIX)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!\\Q" + PREFIX + "\\E).*")
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S")
                .start();
    }

    @AfterAll
    static void close() {
        redrive.close();
    }

    @BeforeEach
    void storeALetter() {
        broker.topics().createTopic(orders, 1);
        broker.topics().createTopic(orders + "-dlt", 1);
        broker.topics().produce(orders + "-dlt", "k".getBytes(UTF_8), "v".getBytes(UTF_8));
        letter = "/dead-letters/"
                + new Desk(redrive)
                        .letters(1, "is:open topic:" + orders + "-dlt")
                        .get(0)
                        .getString("id");
    }

    @Test
    @DisplayName("L-23: one key 50 times at once is one replay; with another body it is 422, without a key 400")
    void oneKeyIsOneReplay() throws Exception {
        var answers = IntStream.range(0, 50)
                .mapToObj(i -> http.sendAsync(
                        post("/replays", ORIGINAL, "Idempotency-Key", "one", "Prefer", "wait=30"),
                        BodyHandlers.ofString()))
                .toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        var bodies = answers.stream().map(CompletableFuture::join).toList();
        assertThat(bodies).extracting(HttpResponse::statusCode).containsOnly(200);
        var ids = bodies.stream()
                .map(answer -> new JsonObject(answer.body()).getString("id"))
                .distinct()
                .toList();
        assertThat(ids).hasSize(1);
        assertThat(new JsonObject(bodies.get(0).body()).getString("state")).isEqualTo("done");
        assertThat(broker.topics().read(orders)).hasSize(1);

        var other = "{\"source\":\"original\",\"reason\":\"another\"}";
        refused(post("/replays", other, "Idempotency-Key", "one"), 422, "idempotency-key-reused");
        refused(post("/replays", ORIGINAL), 400, "");
        refused(post("/replays", ORIGINAL, "Idempotency-Key", "two"), 409, "conflict-state");
        var decision = HttpRequest.newBuilder(
                        URI.create(redrive.url() + "/api/v1/replays/" + ids.get(0) + "/decisions"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "three")
                .POST(BodyPublishers.ofString("{\"decision\":\"sent\",\"reason\":\"seen\"}"))
                .build();
        refused(decision, 409, "conflict-state");
    }

    @Test
    void whoSawAnotherVersionOrNamesNoTopicThatExistsIsToldSo() throws Exception {
        refused(
                post("/replays", ORIGINAL, "Idempotency-Key", "four", "If-Match", "\"v999\""),
                412,
                "precondition-failed");
        refused(request("/draft", "PUT", "{\"note\":\"n\"}"), 428, "precondition-required");
        var nowhere = "{\"source\":\"original\",\"target\":{\"topic\":\"nowhere\"}}";
        var answer = refused(post("/replays", nowhere, "Idempotency-Key", "five"), 422, "");
        assertThat(answer.encode()).contains("There is no topic nowhere");
        assertThat(broker.topics().read(orders)).isEmpty();
    }

    /** @param code empty where the status says it all */
    private JsonObject refused(HttpRequest request, int status, String code) throws Exception {
        var answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        var problem = new JsonObject(answer.body());
        assertThat(problem.getString("code")).isNotEmpty().contains(code);
        return problem;
    }

    private HttpRequest post(String path, String body, String... headers) {
        return request(path, "POST", body, headers);
    }

    /** @param headers name and value by turns */
    private HttpRequest request(String path, String method, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(redrive.url() + "/api/v1" + letter + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }
}
