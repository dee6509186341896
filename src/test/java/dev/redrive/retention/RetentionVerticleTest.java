package dev.redrive.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.retention.RetentionVerticle.Pace;
import dev.redrive.testkit.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetentionVerticleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(40));

    private RetentionDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RetentionDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    void purgesByTheRulesItCameWith() throws Exception {
        long recovered = desk.letter("orders-dlt", "recovered", 31);
        long open = desk.letter("orders-dlt", "open", 4_000);
        var id = ApiServer.await(desk.retention.deploy(QUICK));
        Eventually.until(PATIENCE, () -> desk.status(recovered).equals("purged"));
        assertThat(desk.status(open)).isEqualTo("open");
        ApiServer.await(desk.vertx.undeploy(id));
        assertThat(desk.count("lease WHERE name = 'retention'")).isZero();
        assertThat(desk.count("retention_run WHERE finished_at IS NULL")).isZero();
    }

    @Test
    @DisplayName("Rules that were changed less than an hour ago purge nothing, and neither do the ones before them")
    void waitsAnHourAfterAChange() throws Exception {
        long letter = desk.letter("orders-dlt", "recovered", 31);
        desk.sql("UPDATE retention_setting SET updated_at = now() - interval '59 minutes'");
        ApiServer.await(desk.retention.deploy(QUICK));
        Eventually.until(PATIENCE, () -> desk.count("lease WHERE name = 'retention'") == 1);
        assertThat(desk.count("retention_run")).isZero();
        desk.sql("UPDATE retention_setting SET updated_at = now() - interval '60 minutes'");
        Eventually.until(PATIENCE, () -> desk.status(letter).equals("purged"));
    }

    @Test
    void leavesTheWorkToWhoeverHoldsTheLease() throws Exception {
        long letter = desk.letter("orders-dlt", "recovered", 31);
        desk.sql("INSERT INTO lease VALUES ('retention', gen_random_uuid(), now() + interval '1 hour')");
        var first = ApiServer.await(desk.retention.deploy(QUICK));
        ApiServer.await(desk.vertx.undeploy(first));
        assertThat(desk.count("retention_run")).isZero();
        assertThat(desk.count("lease WHERE until > now()"))
                .as("it gives back only its own")
                .isEqualTo(1);
        ApiServer.await(desk.retention.deploy(QUICK));
        desk.sql("UPDATE lease SET until = now()");
        Eventually.until(PATIENCE, () -> desk.status(letter).equals("purged"));
    }

    @Test
    @DisplayName("What a process left unfinished when it died is told once, and the next run begins at once")
    void endsTheRunOfADeadProcess() throws Exception {
        long letter = desk.letter("orders-dlt", "recovered", 31);
        desk.sql("""
                INSERT INTO retention_run (rules, purged)
                VALUES ('[{"statuses":["recovered"],"keepFor":"P30D"}]', '{5}')""");
        ApiServer.await(desk.retention.deploy(new Pace(Duration.ofMillis(20), Duration.ofHours(1))));
        Eventually.until(PATIENCE, () -> desk.status(letter).equals("purged"));
        Eventually.until(PATIENCE, () -> desk.count("audit_event WHERE action = 'retention-purged'") == 2);
        assertThat(desk.row(
                                "SELECT details->>'letters' FROM audit_event WHERE action = 'retention-purged' ORDER BY id LIMIT 1")
                        .getString(0))
                .isEqualTo("5");
        assertThat(desk.count("retention_run WHERE complete")).isEqualTo(1);
    }
}
