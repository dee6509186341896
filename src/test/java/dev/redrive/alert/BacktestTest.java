package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rule is tried on the past as it would have been looked at. */
class BacktestTest {

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static JsonObject rule(String condition) {
        return new JsonObject().put("name", "x").put("condition", condition).put("severity", "info");
    }

    private JsonObject backtest(JsonObject rule) throws Exception {
        var answer = desk.api.post("/api/v1/alert-rules/backtests", rule);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private static Instant time(JsonObject firing, String name) {
        return Instant.parse(firing.getString(name));
    }

    @Test
    void lettersThatWaitedFireOnceForEachTimeInWhichEnoughOfATopicDid() throws Exception {
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 2);
        desk.sql("UPDATE dead_letter SET failed_at = failed_at - interval '96 hours'");
        desk.sql(
                "UPDATE letter_state SET failed_hour = failed_hour - 96, failed_at = failed_at - interval '96 hours', status = 'discarded',"
                        + " changed_at = now() - interval '48 hours'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.letTimePass(Duration.ofHours(30));
        var waited = backtest(rule("oldest-open"));
        assertThat(waited.getInteger("count")).isEqualTo(2);
        var latest = waited.getJsonArray("firings").getJsonObject(0);
        assertThat(latest.getValue("until")).isNull();
        assertThat(latest.getInteger("count")).isEqualTo(1);
        var first = waited.getJsonArray("firings").getJsonObject(1);
        assertThat(first.getInteger("count")).isEqualTo(2);
        assertThat(Duration.between(time(first, "at"), time(first, "until")))
                .isBetween(Duration.ofHours(23), Duration.ofHours(25));
        assertThat(backtest(rule("oldest-open").put("threshold", 2)).getInteger("count"))
                .isEqualTo(1);
        assertThat(backtest(rule("oldest-open").put("threshold", 3)).getInteger("count"))
                .isZero();
    }

    @Test
    void lettersThatWaitedAllTheTimeAreOneFiringHoweverManyFollow() throws Exception {
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.sql("UPDATE dead_letter SET failed_at = failed_at - interval '10 days'");
        desk.sql("UPDATE letter_state SET failed_hour = failed_hour - 240, failed_at = failed_at - interval '10 days'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.letTimePass(Duration.ofHours(30));
        var waited = backtest(rule("oldest-open"));
        assertThat(waited.getInteger("count")).isEqualTo(1);
        var firing = waited.getJsonArray("firings").getJsonObject(0);
        assertThat(firing.getString("at")).isEqualTo(waited.getString("windowFrom"));
        assertThat(firing.getInteger("count")).isEqualTo(2);
        assertThat(firing.getValue("until")).isNull();
    }

    @Test
    void aBurstWithinTheWindowOfTheLastOneKeepsTheAlertOpen() throws Exception {
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 10);
        arrivedAt("1 minute");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 10);
        arrivedAt("10 minutes 30 seconds");
        var many = rule("letters").put("threshold", 10).put("window", "PT10M");
        assertThat(backtest(many).getInteger("count")).isEqualTo(1);
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 10);
        arrivedAt("40 minutes");
        assertThat(backtest(many).getInteger("count")).isEqualTo(2);
    }

    /** The ten letters that came last. */
    private void arrivedAt(String time) throws Exception {
        desk.sql("UPDATE dead_letter SET ingested_at = date_trunc('hour', now()) - interval '3 hours' + interval '"
                + time + "' WHERE id > (SELECT max(id) - 10 FROM dead_letter)");
    }

    @Test
    void anHourWithoutLettersWithinTheSpanEndsNoEscalation() throws Exception {
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.sql("UPDATE failure_group_counter SET first_seen_at = now() - interval '3 days'");
        desk.sql("DELETE FROM failure_group_bucket");
        desk.sql("INSERT INTO failure_group_bucket SELECT id, date_trunc('hour', now()) - make_interval(hours => n), 30"
                + " FROM failure_group, unnest(ARRAY[8, 10, 20]) AS n");
        var escalated = backtest(rule("escalating").put("window", "PT2H"));
        assertThat(escalated.getInteger("count")).isEqualTo(2);
        var latest = escalated.getJsonArray("firings").getJsonObject(0);
        assertThat(Duration.between(time(latest, "at"), time(latest, "until"))).isEqualTo(Duration.ofHours(4));
    }
}
