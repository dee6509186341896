package dev.redrive.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.ArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances read together while the second one comes and goes. */
class RebalanceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final int TURNS = 3;
    private static final int RECORDS = 400;

    @ParameterizedTest(
            name =
                    "L-07, L-08 ({0}, scaled to 6 rebalances and 2,400 records): nothing is lost and nothing is there twice")
    @ValueSource(strings = {"classic", "consumer"})
    void losesAndDoublesNothing(String protocol) {
        var database = Postgres.shared().freshDatabase();
        var servers = Broker.shared().bootstrapServers();
        try (var first = new Rig(servers, database).protocol(protocol);
                var second = new Rig(servers, database).protocol(protocol)) {
            second.prefix = first.prefix;
            var topic = first.topic("orders-dlq");
            Broker.shared().topics().createTopic(topic, PARTITIONS);
            first.start();
            int produced = 0;
            for (int turn = 0; turn < TURNS; turn++) {
                produced = produce(topic, produced);
                second.start();
                Eventually.until(
                        PATIENCE,
                        "a partition for the second",
                        () -> !second.status().partitions().isEmpty());
                produced = produce(topic, produced);
                second.stop();
            }
            long expected = produced;
            Eventually.until(PATIENCE, expected + " letters", () -> first.letters() == expected);
            assertThat(first.gaps).isEmpty();
            assertThat(second.gaps).isEmpty();
            first.assertCountersAgree();
        }
    }

    /** @return how many there are then */
    private static int produce(String topic, int from) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < from + RECORDS; i++) {
            records.add(new ProducerRecord<>(topic, ("k" + i).getBytes(UTF_8), ("v" + i).getBytes(UTF_8)));
        }
        Broker.shared().topics().produceAll(records);
        return from + RECORDS;
    }
}
