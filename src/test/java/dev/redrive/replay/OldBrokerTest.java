package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.http.RefusedException;
import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A cluster whose transactions are those of before KIP-890. */
class OldBrokerTest {

    @Test
    @DisplayName(
            "L-33: at transaction.version 1 replays are best effort, and one that asks for strict proof is refused")
    void promisesNoMoreThanTheClusterDoes() throws Exception {
        try (var broker = Broker.own()) {
            broker.admin()
                    .updateFeatures(
                            Map.of("transaction.version", new FeatureUpdate((short) 1, UpgradeType.SAFE_DOWNGRADE)),
                            new UpdateFeaturesOptions())
                    .all()
                    .get(20, TimeUnit.SECONDS);
            try (var rig = ReplayRig.on(broker, Postgres.shared().freshDatabase(), Duration.ofSeconds(5), 1)) {
                var topic = rig.topic(1);
                var letter = rig.letters.add(new Letter(topic));
                var strict = ReplayRig.strict(letter);
                assertThatThrownBy(() -> rig.replay(strict))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("best effort");
                rig.serve();
                var done = rig.settled(rig.replay(letter).id());
                assertThat(done.state()).isEqualTo(ReplayState.DONE);
                assertThat(done.mode()).isEqualTo(Mode.BEST_EFFORT);
                var lane = ReplayRig.await(new LaneDeskStore(rig.pool).lanes(ReplayRig.CLUSTER, 0))
                        .get(0);
                assertThat(lane.getString("mode")).isEqualTo("best-effort");
            }
        }
    }
}
