package dev.redrive.replay;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Backoff;
import dev.redrive.Progress;
import dev.redrive.testkit.LogLines;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplayVerticleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ReplayRig rig = ReplayRig.start();

    @AfterEach
    void close() {
        rig.close();
    }

    private String deploy(Backoff backoff) {
        var lanes = new Lanes(
                rig.cluster, rig.pool, ReplayRig.WINDOW, (connection, hold) -> Future.succeededFuture(), rig.metrics);
        return ReplayRig.await(
                rig.vertx.deployVerticle(new ReplayVerticle(lanes, 0, new Progress().loop("lane"), backoff)));
    }

    @Test
    @DisplayName("A stop ends the rest after a failure at once, however long it is")
    void doesNotKeepAStopWaiting() {
        rig.execute("ALTER TABLE replay_lane RENAME TO away");
        try (var lines = LogLines.of(ReplayVerticle.class, rig.vertx)) {
            var deployment = deploy(new Backoff(Duration.ofHours(1), Duration.ofHours(1)));
            until(PATIENCE, () -> !lines.warnings().isEmpty());
            rig.vertx.undeploy(deployment).timeout(5, TimeUnit.SECONDS).await();
        }
    }

    @Test
    @DisplayName("A lane that fails says so once, and once that it is over")
    void saysOnceThatItFails() {
        var letter = rig.letters.add(new LetterRows.Letter(rig.topic(1)));
        var replay = rig.replay(letter).id();
        rig.execute("ALTER TABLE replay_lane RENAME TO away");
        try (var lines = LogLines.of(ReplayVerticle.class, rig.vertx)) {
            deploy(new Backoff(Duration.ofMillis(2), Duration.ofMillis(2)));
            // Who asks for a lane that is not there leaves a rollback in the figures of the database.
            until(PATIENCE, () -> rollbacks() >= 5);
            rig.execute("ALTER TABLE away RENAME TO replay_lane");
            until(PATIENCE, () -> !lines.infos().isEmpty());
            assertThat(lines.warnings()).singleElement().asString().contains("Lane 0 of test sends nothing for now");
            assertThat(lines.infos()).singleElement().asString().startsWith("Over after ");
        }
        rig.execute("UPDATE replay SET lane = 0 WHERE id = $1", replay);
        assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.DONE);
    }

    private long rollbacks() {
        return rig.row("SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()")
                .getLong(0);
    }
}
