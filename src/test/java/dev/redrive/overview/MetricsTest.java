package dev.redrive.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the page, the dashboard and the rules name is what a running product exposes. */
class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(75);
    private static final Pattern NAME = Pattern.compile("\\b(?:redrive|vertx)_[a-z0-9_]+");
    private static final Pattern EXPOSED = Pattern.compile("(?m)^((?:redrive|vertx)_[a-z0-9_]+)[ {]");

    private final Broker broker = Broker.shared();
    private final HttpClient http = HttpClient.newHttpClient();

    private static Set<String> told(String... files) throws IOException {
        var names = new TreeSet<String>();
        for (var file : files) {
            NAME.matcher(Files.readString(Path.of("docs").resolve(file)))
                    .results()
                    .forEach(found -> names.add(found.group()));
        }
        return names;
    }

    @Test
    void everyMetricOfThePageIsOnTheDashboard() throws Exception {
        var shown = told("monitoring/grafana.json").stream()
                .map(name -> name.replaceFirst("_(count|sum|max)$", ""))
                .toList();
        assertThat(shown).containsAll(told("metrics.md"));
    }

    private JsonObject ask(RedriveProcess redrive, String method, String path, @Nullable JsonObject body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(redrive.url() + "/api/v1" + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Prefer", "wait=30")
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
        return new JsonObject(answer.body().isEmpty() ? "{}" : answer.body());
    }

    private JsonArray list(RedriveProcess redrive, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(redrive.url() + "/api/v1" + path));
        return new JsonObject(
                        http.send(request.build(), BodyHandlers.ofString()).body())
                .getJsonArray("items");
    }

    /** What has no series before it happened once: a replay, one that is cancelled, a job, a message to an endpoint. */
    private void use(RedriveProcess redrive, String target) throws Exception {
        Eventually.until(
                PATIENCE, "both letters", () -> list(redrive, "/dead-letters").size() == 2);
        var letters = list(redrive, "/dead-letters");
        var first = letters.getJsonObject(0).getString("id");
        var second = letters.getJsonObject(1).getString("id");
        var replay = new JsonObject().put("source", "original").put("target", new JsonObject().put("topic", target));
        var later = ask(
                redrive,
                "POST",
                "/dead-letters/" + second + "/replays",
                replay.copy().put("delay", "PT300S"));
        ask(redrive, "DELETE", "/replays/" + later.getString("id"), null);
        ask(redrive, "POST", "/dead-letters/" + first + "/replays", replay);
        var selection = ask(redrive, "POST", "/selections", new JsonObject().put("ids", new JsonArray().add(second)));
        ask(
                redrive,
                "POST",
                "/jobs",
                new JsonObject()
                        .put("type", "discard")
                        .put("selectionId", selection.getString("id"))
                        .put("expectedCount", 1)
                        .put("reason", "known"));
        var endpoint = list(redrive, "/webhooks").getJsonObject(0).getString("id");
        ask(redrive, "POST", "/webhooks/" + endpoint + "/tests", null);
    }

    private String scrape(RedriveProcess redrive) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(redrive.managementUrl() + "/metrics"))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private Set<String> exposed(RedriveProcess redrive) throws Exception {
        var names = new TreeSet<String>();
        EXPOSED.matcher(scrape(redrive)).results().forEach(found -> {
            names.add(found.group(1));
            // A summary is told of by what its parts have in common.
            names.add(found.group(1).replaceFirst("_(count|sum|max)$", ""));
        });
        return names;
    }

    @Test
    void everyNameThatIsToldIsExposedAndEachOfOursIsTold() throws Exception {
        var topic = "m" + UUID.randomUUID() + ".orders-dlt";
        broker.topics().createTopic(topic, 1);
        broker.topics().produce(topic, "k".getBytes(), "v".getBytes());
        broker.topics().produce(topic, "l".getBytes(), "v".getBytes());
        var target = "m" + UUID.randomUUID() + ".returns";
        broker.topics().createTopic(target, 1);
        broker.admin()
                .alterConsumerGroupOffsets("g-" + topic, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        var start = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + topic)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!" + topic + "$).*")
                .with("REDRIVE_WEBHOOK_URL", "http://127.0.0.1:1")
                .with("REDRIVE_WEBHOOK_SECRET", "whsec_" + "c2VjcmV0".repeat(4));
        try (var redrive = start.start()) {
            use(redrive, target);
            var told = told("metrics.md", "monitoring/grafana.json", "monitoring/rules.yaml");
            Eventually.untilAsserted(
                    PATIENCE, () -> assertThat(exposed(redrive)).containsAll(told));
            assertThat(scrape(redrive))
                    .containsPattern(
                            "redrive_build_info\\{revision=\"(unknown|[0-9a-f]{12,40}(-dirty)?)\",version=\"[^\"]+\"}");
            var page = Files.readString(Path.of("docs/metrics.md"));
            assertThat(exposed(redrive))
                    .filteredOn(name -> name.startsWith("redrive_") && !name.matches(".*_(count|sum|max)"))
                    .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        }
    }
}
