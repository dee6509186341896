package dev.redrive.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.KafkaNodes;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On three brokers, as a topic for production needs them. */
class CleanTopicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static KafkaNodes nodes;
    private static TopicWorld world;

    @BeforeAll
    static void open() throws Exception {
        nodes = KafkaNodes.start(3);
        world = new TopicWorld(nodes.broker());
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
        nodes.close();
    }

    private static void write(String topic) {
        long begin = System.currentTimeMillis() - Duration.ofHours(2).toMillis();
        nodes.topics()
                .produceAll(IntStream.range(0, 300)
                        .mapToObj(i -> new ProducerRecord<>(
                                topic,
                                null,
                                begin + i * 1_000L,
                                ("key " + i).getBytes(UTF_8),
                                ("value " + i).getBytes(UTF_8)))
                        .toList());
    }

    /** A topic that was made just now is known to each broker a moment later. @param unknown what cannot be told yet */
    private static void assertFine(String topic, String... unknown) {
        Eventually.untilAsserted(PATIENCE, () -> assertThat(notFine(topic)).containsExactlyInAnyOrder(unknown));
    }

    /** @return whatever is not fine, with its level */
    private static List<String> notFine(String topic) throws Exception {
        var answer = world.api.get("/api/v1/topics/" + topic + "/readiness?fail=true");
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject().getJsonArray("checks").stream()
                .map(JsonObject.class::cast)
                .filter(check -> !check.getString("level").equals("ok"))
                .map(check -> check.getString("id") + " " + check.getString("level"))
                .toList();
    }

    @Test
    void nothingIsFoundAboutWhatWasMadeWithCare() throws Exception {
        var kept = Map.of("retention.ms", Long.toString(Duration.ofDays(7).toMillis()));
        nodes.topics().createTopic("shop.order.placed", 6, kept);
        nodes.topics().createTopic("shop.order.placed-dlt", 6, kept);
        world.reads("shop.order.placed-dlt");
        write("shop.order.placed");
        assertFine("shop.order.placed", "headers unknown");
        assertFine("shop.order.placed-dlt", "headers unknown", "duplicates unknown");
    }

    @Test
    void nothingIsFoundAboutWhatWasMadeAsItIsRecommended() throws Exception {
        assertThat(world.create(new JsonObject().put("name", "shop.order.paid")).statusCode())
                .isEqualTo(201);
        write("shop.order.paid");
        var letters = new JsonObject().put("name", "shop.order.paid-dlt").put("origin", "shop.order.paid");
        assertThat(world.create(letters).statusCode()).isEqualTo(201);
        world.reads("shop.order.paid-dlt");
        assertFine("shop.order.paid", "headers unknown");
    }
}
