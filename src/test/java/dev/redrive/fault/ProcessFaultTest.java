package dev.redrive.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One of two processes has a wrong clock, or another version. */
class ProcessFaultTest {

    private static final int LETTERS = 300;

    private final String database = Postgres.shared().freshDatabase();

    @Test
    @DisplayName(
            "F-17 (scaled to a jump every 1.5 s): a host clock that jumps by ten minutes and a day touches neither lease, order nor proof. "
                    + "F-19 (both versions are this one; the later schema is one column ahead): then both are replaced one by one, and back, and nothing is lost")
    void neitherAClockThatJumpsNorAnotherVersionChangesAnything() throws Exception {
        try (var desk = new FaultDesk(Broker.shared(), database, UnaryOperator.identity());
                var wrong = new FaultDesk(
                        desk,
                        start -> start.main(ShiftedProcess.class.getName()).option("-Xmx320m"))) {
            var jumping = wrong.start();
            var letters = desk.letters().write(LETTERS);
            var right = desk.start();
            letters.awaitStored();
            var job = desk.order(letters.open(), new JsonObject().put("rate", LETTERS / 6));
            letters.write(LETTERS);
            desk.ended(job);
            letters.awaitStored();
            desk.ended(letters.replay());
            letters.provenOnce();
            assertThat(jumping.isAlive()).isTrue();
            assertThat(jumping.log()).contains("with fence");
            replacedOneByOneNothingIsLost(desk, jumping, right);
        }
    }

    private void replacedOneByOneNothingIsLost(FaultDesk desk, RedriveProcess first, RedriveProcess second)
            throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        var job = desk.order(letters.open(), new JsonObject().put("rate", LETTERS / 10));
        replace(desk, first, letters);
        beLater();
        replace(desk, second, letters);
        desk.ended(job);
        letters.awaitStored();
        desk.ended(letters.replay());
        letters.provenOnce();
    }

    private static void replace(FaultDesk desk, RedriveProcess old, Letters letters) {
        letters.write(LETTERS / 3);
        old.sigterm();
        assertThat(old.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
        desk.start();
    }

    /** As a later version leaves the schema to an earlier one that is put back. */
    private void beLater() throws Exception {
        var vertx = Vertx.vertx();
        try {
            new Database(new Settings.Database(database, 4))
                    .open(vertx)
                    .query("""
                            ALTER TABLE replay ADD COLUMN later text;
                            ALTER TABLE dead_letter ADD COLUMN later text;
                            INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
                              installed_by, execution_time, success)
                            SELECT max(installed_rank) + 1, '999', 'later', 'SQL', 'V999__later.sql', 1, 'test', 1, true
                            FROM flyway_schema_history""")
                    .execute()
                    .await(20, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
