package dev.redrive.cluster;

import static dev.redrive.cluster.WatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that are no consumer groups, on a real broker. */
class GroupKindsTest {

    private WatchDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new WatchDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private JsonObject shares() throws Exception {
        return desk.api.json("/api/v1/topics/" + desk.topic + "/consumer-groups").getJsonArray("shareGroups").stream()
                .map(JsonObject.class::cast)
                .findFirst()
                .orElse(new JsonObject());
    }

    private boolean share(Predicate<JsonObject> wanted) throws Exception {
        return wanted.test(shares());
    }

    @Test
    @DisplayName("A share group is shown with its state and lag, and is never a consumer group that is empty or stuck")
    void showsAShareGroupAsWhatItIs() throws Exception {
        desk.deploy();
        try (var consumer = new KafkaShareConsumer<>(
                Map.<String, Object>of("bootstrap.servers", desk.broker.bootstrapServers(), "group.id", desk.group),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(desk.topic));
            until(PATIENCE, "the group to read", () -> {
                consumer.poll(Duration.ofMillis(100));
                return share(group -> "stable".equals(group.getString("state")) && group.getInteger("members") == 1);
            });
            assertThat(shares().getValue("lag"))
                    .as("the broker knows no start before the first record")
                    .isNull();
            // It begins with what is written after its first fetch, which nobody sees from outside.
            until(PATIENCE, "a record to be read", () -> {
                desk.produce("early");
                consumer.poll(Duration.ofMillis(100));
                return share(group -> group.getLong("lag") != null);
            });
            until(PATIENCE, "all to be read", () -> {
                consumer.poll(Duration.ofMillis(100));
                return share(group -> Long.valueOf(0).equals(group.getLong("lag")));
            });
            desk.produce("one");
            desk.produce("two");
            until(PATIENCE, "a lag of two", () -> share(group -> Long.valueOf(2).equals(group.getLong("lag"))));
            until(PATIENCE, "no lag", () -> {
                consumer.poll(Duration.ofMillis(100));
                return share(group -> Long.valueOf(0).equals(group.getLong("lag")));
            });
        }
        until(PATIENCE, "nobody", () -> share(group -> "empty".equals(group.getString("state"))));
        desk.produce("three");
        until(PATIENCE, "a lag of one", () -> share(group -> Long.valueOf(1).equals(group.getLong("lag"))));
        desk.awaitLooks(12);
        assertThat(shares().getInteger("members")).isZero();
        assertThat(shares().getInteger("partitions")).isEqualTo(1);
        assertThat(desk.item().isEmpty()).as("it is no consumer group").isTrue();
        assertThat(desk.events()).isEmpty();
    }

    @Test
    @DisplayName(
            "A streams group has its members, is not stuck while it gets on, and is not taken for stopped while it runs")
    void knowsTheMembersOfAStreamsGroup(@TempDir Path state) throws Exception {
        var builder = new StreamsBuilder();
        builder.stream(desk.topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .foreach((key, value) -> {});
        desk.produce("one");
        desk.deploy();
        try (var streams = new KafkaStreams(builder.build(), settings(state))) {
            streams.start();
            until(PATIENCE, "the group to be seen", () -> {
                desk.produce("more");
                var item = desk.item();
                return "streams".equals(item.getString("type"))
                        && Integer.valueOf(1).equals(item.getInteger("members"));
            });
            until(PATIENCE, () -> Long.valueOf(0).equals(desk.item().getLong("lag")));
            desk.awaitLooks(12);
            assertThat(desk.item().getString("state")).isEqualTo("ok");
            var group = desk.api.json("/api/v1/consumer-groups/" + desk.group);
            assertThat(group.getInteger("members")).isEqualTo(1);
            assertThat(group.getJsonArray("partial")).isEmpty();

            var ask = new JsonObject()
                    .put("topic", desk.topic)
                    .put("partition", 0)
                    .put("offset", "0")
                    .put("reason", "INC-7")
                    .put("dryRun", true);
            var answer = desk.api
                    .post(
                            "/api/v1/consumer-groups/" + desk.group + "/quarantines",
                            ask,
                            "Idempotency-Key",
                            UUID.randomUUID().toString())
                    .bodyAsString();
            assertThat(answer).contains("group-is-running").contains("already-past");
        }
        assertThat(desk.events()).isEmpty();
    }

    private Properties settings(Path state) {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, desk.group);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, desk.broker.bootstrapServers());
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put("enable.metrics.push", false);
        return settings;
    }
}
