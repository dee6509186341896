package dev.redrive.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessDuplicatesTest {

    private final Broker broker = Broker.shared();
    private TopicWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new TopicWorld(broker);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private void write(String topic, int records, IntFunction<String> key) {
        broker.topics()
                .produceAll(IntStream.range(0, records)
                        .mapToObj(i -> new ProducerRecord<>(
                                topic, null, key.apply(i).getBytes(UTF_8), ("value " + i).getBytes(UTF_8)))
                        .toList());
    }

    private static List<String> findings(TopicWorld world, String path) throws Exception {
        return world.api.json(path).getJsonArray("checks").stream()
                .map(JsonObject.class::cast)
                .filter(check -> check.getString("level").equals("warn"))
                .map(check -> check.getString("id"))
                .toList();
    }

    @Test
    void callsNoTombstoneAndNoReplayADuplicate() throws Exception {
        broker.topics().createTopic("shop.order.undone", 3);
        write("shop.order.undone", 100, i -> "key " + i);
        var again = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < 100; i++) {
            var key = ("key " + i).getBytes(UTF_8);
            again.add(new ProducerRecord<>("shop.order.undone", null, key, null));
            again.add(new ProducerRecord<>("shop.order.undone", null, key, null));
            var replayed = new ProducerRecord<>("shop.order.undone", null, key, ("value " + i).getBytes(UTF_8));
            replayed.headers().add("redrive-replay-id", "r".getBytes(UTF_8));
            again.add(replayed);
        }
        broker.topics().produceAll(again);
        assertThat(findings(world, "/api/v1/topics/shop.order.undone/readiness"))
                .doesNotContain("duplicates");
        write("shop.order.undone", 50, i -> "key " + i);
        assertThat(findings(world, "/api/v1/topics/shop.order.undone/readiness?fresh=true"))
                .contains("duplicates");
    }
}
