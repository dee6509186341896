package dev.redrive;

import static dev.redrive.testkit.Eventually.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.alert.Alerts;
import dev.redrive.alert.QuickAlerts;
import dev.redrive.http.ApiServer;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WatchedWorkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private ApiServer api;

    @BeforeEach
    void open() throws Exception {
        api = ApiServer.open();
        sql("INSERT INTO alert_endpoint (name, address_hash) VALUES ('one', sha256('one'))");
        sql("INSERT INTO alert_rule (name, condition, severity) VALUES ('Job is finished', 'job-finished', 'info')");
        var environment = Map.of(
                "REDRIVE_DATABASE_URL",
                api.databaseUrl(),
                "REDRIVE_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:1",
                "REDRIVE_AUTH",
                "none");
        var alerts = new Alerts(SettingsReader.read(environment), api.pool());
        WatchedWork.tell(alerts);
        ApiServer.await(QuickAlerts.deploy(vertx, alerts, api.pool()));
    }

    @AfterEach
    void close() throws Exception {
        ApiServer.await(vertx.close());
        api.close();
    }

    @Test
    @DisplayName(
            "A job that Redrive pauses is told with why, one that a person pauses is not, and its end when it goes on")
    void tellsOfAJobThatStopped() throws Exception {
        job("10000000-0000-0000-0000-000000000001", "paused", "NULL");
        job("10000000-0000-0000-0000-000000000002", "paused", "NULL");
        audit("10000000-0000-0000-0000-000000000001", "job-held");
        audit("10000000-0000-0000-0000-000000000002", "job-paused");
        untilAsserted(
                PATIENCE,
                () -> assertThat(told()).singleElement().satisfies(alert -> {
                    assertThat(alert.getString("event")).isEqualTo("redrive.job.paused");
                    assertThat(alert.getString("title")).isEqualTo("Job replay is paused: 9 of 10 letters came back");
                    assertThat(alert.getString("jobId")).endsWith("1");
                    assertThat(alert.getString("link")).endsWith("/ui/jobs/10000000-0000-0000-0000-000000000001");
                }));
        sql("UPDATE alert_delivery SET state = 'delivered', delivered_at = now()");
        sql("UPDATE job SET state = 'running'");
        untilAsserted(
                PATIENCE,
                () -> assertThat(told())
                        .extracting(alert -> alert.getString("event"))
                        .containsExactly("redrive.job.paused", "redrive.alert.resolved"));
    }

    @Test
    void tellsOnceOfAJobThatIsFinished() throws Exception {
        job("10000000-0000-0000-0000-000000000003", "succeeded", "now()");
        untilAsserted(
                PATIENCE,
                () -> assertThat(told()).singleElement().satisfies(alert -> {
                    assertThat(alert.getString("event")).isEqualTo("redrive.job.finished");
                    assertThat(alert.getString("title")).isEqualTo("Job replay is succeeded");
                    assertThat(alert.getString("status")).isEqualTo("info");
                }));
    }

    @Test
    void tellsOfReplaysOfWhichNobodyKnowsWhetherTheyWereSent() throws Exception {
        var letters = new StoredLetters(api.pool());
        letters.add(StoredLetters.sample());
        letters.add(StoredLetters.sample());
        sql("""
                INSERT INTO replay (id, letter_id, source, content_hash, cluster_id, target_topic, target_topic_id,
                  partitioning, lane, state, outcome, requested_by)
                SELECT gen_random_uuid(), d.id, 'original', d.content_hash, t.cluster_id, 'orders', t.topic_id, 'key', 0,
                  'uncertain', 'uncertain', 'ana'
                FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref""");
        untilAsserted(
                PATIENCE,
                () -> assertThat(told())
                        .filteredOn(alert -> alert.getString("event").equals("redrive.replay.hold"))
                        .singleElement()
                        .satisfies(alert -> {
                            assertThat(alert.getString("title"))
                                    .contains("2 replays into ")
                                    .contains(" are uncertain");
                            assertThat(alert.getInteger("replays")).isEqualTo(2);
                            assertThat(alert.getString("link")).endsWith("/ui/letters?q=outcome%3Auncertain");
                        }));
    }

    private void job(String id, String state, String finished) throws Exception {
        sql(
                "INSERT INTO job (id, type, state, state_reason, q, frozen_q, watermark, frozen_at, reason, requested_by, caller, total,"
                        + " total_exact, done, next_below, not_before, finished_at) VALUES ('" + id + "', 'replay', '"
                        + state
                        + "', '9 of 10 letters came back', '', '', 1, now(), 'INC-4711', 'ana', 'ana', 10, true, 10, 1, now(), "
                        + finished
                        + ")");
    }

    private void audit(String id, String action) throws Exception {
        sql("INSERT INTO audit_event (actor, action, object) VALUES ('system', '" + action + "', '/api/v1/jobs/" + id
                + "')");
    }

    private List<JsonObject> told() throws Exception {
        return ApiServer.await(api.pool()
                        .query("SELECT event, data FROM alert_delivery ORDER BY id")
                        .execute())
                .stream()
                .map(row -> new JsonObject(row.getString("data")).put("event", row.getString("event")))
                .toList();
    }

    private void sql(String sql) throws Exception {
        ApiServer.await(api.pool().query(sql).execute());
    }
}
