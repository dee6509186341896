package dev.redrive.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the page, the dashboard and the rules name is what a running product exposes. */
class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(75);
    private static final Pattern NAME = Pattern.compile("\\b(?:redrive|vertx)_[a-z0-9_]+");
    private static final Pattern EXPOSED = Pattern.compile("(?m)^((?:redrive|vertx)_[a-z0-9_]+)[ {]");

    /** Their first rows come with the first job, event and replay. */
    private static final Set<String> LATER = Set.of(
            "redrive_jobs",
            "redrive_alert_events",
            "redrive_alert_deliveries_total",
            "redrive_alert_delivery_duration_seconds",
            "redrive_replays_total",
            "redrive_replay_outcomes_total",
            "redrive_job_dead_letters_total");

    private final Broker broker = Broker.shared();
    private final HttpClient http = HttpClient.newHttpClient();

    private static Set<String> told() throws IOException {
        var names = new TreeSet<String>();
        for (var file : List.of("metrics.md", "monitoring/grafana.json", "monitoring/rules.yaml")) {
            NAME.matcher(Files.readString(Path.of("docs").resolve(file)))
                    .results()
                    .forEach(found -> names.add(found.group()));
        }
        names.removeAll(LATER);
        return names;
    }

    private String scrape(RedriveProcess redrive) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(redrive.managementUrl() + "/metrics"))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private Set<String> exposed(RedriveProcess redrive) throws Exception {
        var names = new TreeSet<String>();
        EXPOSED.matcher(scrape(redrive))
                .results()
                .forEach(found -> {
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
        broker.admin()
                .alterConsumerGroupOffsets("g-" + topic, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        var start = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + topic)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!m[0-9a-f-]{36}[.]).*");
        try (var redrive = start.start()) {
            var overview = URI.create(redrive.url() + "/api/v1/overview");
            http.send(HttpRequest.newBuilder(overview).build(), BodyHandlers.discarding());
            Eventually.untilAsserted(
                    PATIENCE, () -> assertThat(exposed(redrive)).containsAll(told()));
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
