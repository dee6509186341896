package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A consumer that reads once a night is stopped by day, and only people know that it is meant to be. */
class NightlyConsumerTest {

    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
        desk.sql("UPDATE alert_rule SET enabled = condition IN ('consumer-lag', 'stuck-consumer')");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    /** As the watch writes it: the group has read all until some hours ago, or stands since then. */
    private void letADayPass(boolean works) throws Exception {
        for (int half = 0; half < 48; half++) {
            desk.letTimePass(HALF_AN_HOUR);
            boolean reads = works && half < 2;
            var now = "'" + desk.now() + "'::timestamptz";
            desk.sql("INSERT INTO cluster_watch (cluster_id, measured_at) SELECT id, " + now + " FROM cluster"
                    + " ON CONFLICT (cluster_id) DO UPDATE SET measured_at = excluded.measured_at");
            desk.sql("INSERT INTO consumer_lag AS l SELECT id, 'nightly-report', 'orders', 0, 0, 5000, "
                    + (reads ? "0, 'ok', " : "5000, 'stop', ") + now + ", " + now + ", " + now + ", " + now
                    + " FROM cluster ON CONFLICT (cluster_id, consumer_group, topic, partition) DO UPDATE SET"
                    + " lag = excluded.lag, status = excluded.status, measured_at = excluded.measured_at,"
                    + " alive_at = CASE excluded.status WHEN 'ok' THEN excluded.alive_at ELSE l.alive_at END");
            desk.look();
        }
    }

    @Test
    void isToldOfByDayUnlessTheRulesLeaveItOut() throws Exception {
        letADayPass(true);
        assertThat(desk.told()).isNotEmpty();
    }

    @Test
    void isToldOfWhenItDidNotComeByARuleThatWaitsForLongerThanADay() throws Exception {
        desk.sql("UPDATE alert_rule SET query = '-consumer:nightly-*'");
        var rule = new JsonObject()
                .put("name", "Nightly report did not come")
                .put("condition", "consumer-lag")
                .put("query", "consumer:nightly-*")
                .put("threshold", 1)
                .put("forDuration", "PT26H")
                .put("repeatInterval", "PT0S")
                .put("severity", "error");
        assertThat(desk.make("/api/v1/alert-rules", rule).statusCode()).isEqualTo(201);
        for (int night = 0; night < 3; night++) {
            letADayPass(true);
        }
        assertThat(desk.told()).isEmpty();
        letADayPass(false);
        assertThat(desk.told()).singleElement().satisfies(alert -> {
            assertThat(alert.getString("rule")).isEqualTo("Nightly report did not come");
            assertThat(alert.getString("title"))
                    .isEqualTo("Consumer group nightly-report on orders has stopped, 5000 records behind");
        });
        desk.deliver();
        letADayPass(true);
        assertThat(desk.events()).containsExactly("redrive.alert.firing", "redrive.alert.resolved");
    }
}
