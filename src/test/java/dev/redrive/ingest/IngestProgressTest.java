package dev.redrive.ingest;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IngestProgressTest {

    @Test
    @DisplayName("A-17: an ingest that polls but stores nothing makes no progress, although its process lives")
    void saysWhenItDoesNotGetOn() {
        var broker = Broker.shared();
        try (var rig = new Rig(broker.bootstrapServers(), Postgres.shared().freshDatabase())) {
            rig.progress = new Progress(Duration.ofSeconds(2), System::nanoTime);
            rig.start();
            var topic = rig.topic("orders-dlq");
            broker.topics().createTopic(topic, 1, Map.of());
            broker.topics().produce(topic, null, "one".getBytes());
            rig.awaitLetters(1);
            until(Rig.SOON, () -> rig.progress.stuck().isEmpty());
            var lock = Rig.await(rig.connect());
            Rig.await(lock.query("BEGIN").execute());
            Rig.await(lock.query("LOCK TABLE dead_letter IN SHARE MODE").execute());
            broker.topics().produce(topic, null, "two".getBytes());
            until(Rig.SOON, () -> rig.progress.stuck().contains("ingest of test"));
            Rig.await(lock.query("COMMIT").execute());
            rig.awaitLetters(2);
            until(Rig.SOON, () -> rig.progress.stuck().isEmpty());
            Rig.await(lock.close());
            rig.stop();
            assertThat(rig.progress.stuck()).isEmpty();
        }
    }
}
