package dev.redrive.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that lost its log, as after a crash with one replica, and writes other records at the same offsets. */
class TruncatedLogTest {

    /** What tells the broker which topic the directory belongs to; without it the topic would be another one. */
    private static final Set<String> KEPT = Set.of("partition.metadata");

    @TempDir
    Path directory;

    /** Few are before our position; where they are more, only the leader epoch of the position tells. */
    @ParameterizedTest
    @ValueSource(ints = {3, 12})
    @DisplayName("L-14: records rewritten at the same offsets are other letters, told apart by their leader epoch")
    void storesWhatWasWrittenInPlaceOfWhatWasLost(int written) throws Exception {
        var broker = Broker.in(directory);
        try (broker;
                var rig = new Rig(broker.bootstrapServers(), Postgres.shared().freshDatabase())) {
            var topic = rig.topic("orders-dlq");
            broker.topics().createTopic(topic, 1);
            produce(broker, topic, "first", 10);
            rig.start().awaitLetters(10);
            rig.stop();

            broker.kill();
            loseTheLog(directory.resolve(topic + "-0"));
            broker.start();
            produce(broker, topic, "second", written);
            assertThat(broker.topics().read(topic)).hasSize(written);
            rig.start();

            Eventually.untilAsserted(
                    Duration.ofSeconds(60), () -> assertThat(rig.letters()).isEqualTo(10 + written));
            assertThat(rig.number("SELECT count(DISTINCT value) FROM dead_letter"))
                    .isEqualTo(10 + written);
            assertThat(rig.number("SELECT count(DISTINCT leader_epoch) FROM dead_letter WHERE kafka_offset = 0"))
                    .isEqualTo(2);
            assertThat(rig.gaps)
                    .singleElement()
                    .satisfies(gap -> assertThat(gap.cause()).isEqualTo(Gap.Cause.TRUNCATION));
        }
    }

    private static void produce(Broker broker, String topic, String what, int count) {
        for (int n = 0; n < count; n++) {
            broker.topics().produce(new ProducerRecord<>(topic, null, (what + n).getBytes(UTF_8)));
        }
    }

    private void loseTheLog(Path partition) throws IOException {
        try (var files = Files.list(partition)) {
            for (var file : files.collect(Collectors.toList())) {
                if (!KEPT.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        for (var checkpoint : Set.of("recovery-point-offset-checkpoint", "replication-offset-checkpoint")) {
            Files.deleteIfExists(directory.resolve(checkpoint));
        }
    }
}
