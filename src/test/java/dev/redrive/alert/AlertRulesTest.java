package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AlertRulesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    @DisplayName(
            "A-07: 10,000 letters of one failure in 10 s are one message after group_wait, then one per group_interval")
    void aBurstOfOneFailureIsOneMessage() throws Exception {
        for (int second = 0; second < 10; second++) {
            desk.letters("orders-dlt", "java.lang.IllegalStateException", 1_000);
            desk.letTimePass(SECOND);
            desk.look();
        }
        assertThat(desk.told()).isEmpty();
        desk.lookFor(Duration.ofSeconds(22), SECOND);
        assertThat(desk.told()).hasSize(1);
        var message = desk.told().get(0);
        assertThat(message.getString("event")).isEqualTo("redrive.group.new");
        assertThat(message.getString("title")).isEqualTo("IllegalStateException");
        assertThat(message.getLong("letters")).isEqualTo(10_000);
        assertThat(message.getString("episode")).isEqualTo("alert:" + message.getString("alertId"));

        for (int other = 0; other < 5; other++) {
            desk.letters("orders-dlt", "java.lang.Other" + "ABCDE".charAt(other) + "Exception", 1);
            desk.lookFor(Duration.ofSeconds(40), TEN_SECONDS);
        }
        assertThat(desk.told()).as("group_interval is not over").hasSize(1);
        desk.lookFor(Duration.ofMinutes(6), TEN_SECONDS);
        assertThat(desk.told()).hasSize(2);
        assertThat(desk.told().get(1).getString("title")).isEqualTo("5 new failure groups");
        assertThat(desk.told().get(1).getJsonArray("alerts")).hasSize(5);
    }

    @Test
    void aStormIsOneDigestOfTheLargest() throws Exception {
        var records = IntStream.range(0, 57)
                .boxed()
                .flatMap(n -> IntStream.rangeClosed(0, n / 10)
                        .mapToObj(again -> desk.record(
                                "orders-dlt", "java.lang.E" + "x".repeat(n + 1) + "y".repeat(200) + "Exception", "m")))
                .toList();
        desk.store(records);
        desk.lookFor(Duration.ofSeconds(31), TEN_SECONDS);
        assertThat(desk.told()).hasSize(1);
        var digest = desk.told().get(0);
        assertThat(digest.getString("title")).isEqualTo("57 new failure groups");
        assertThat(digest.getString("episode")).startsWith("alerts:");
        assertThat(digest.getJsonArray("alerts")).hasSize(20);
        assertThat(digest.getInteger("more")).isEqualTo(37);
        assertThat(digest.getJsonArray("alerts").getJsonObject(0).getInteger("count"))
                .isEqualTo(6);
    }

    @Test
    void aFailureElsewhereDoesNotWaitForTheIntervalOfATopic() throws Exception {
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.lookFor(Duration.ofSeconds(31), SECOND);
        desk.lookFor(Duration.ofSeconds(30), TEN_SECONDS);
        desk.letters("orders-dlt", "java.lang.OtherException", 1);
        desk.letters("payments-dlt", "java.lang.CardException", 1);
        desk.lookFor(Duration.ofSeconds(31), SECOND);
        assertThat(desk.told())
                .extracting(message -> message.getString("title"))
                .containsExactly("IllegalStateException", "CardException");
        desk.lookFor(Duration.ofMinutes(4), TEN_SECONDS);
        assertThat(desk.told())
                .extracting(message -> message.getString("title"))
                .containsExactly("IllegalStateException", "CardException", "OtherException");
    }

    @Test
    void aStormOverManyTopicsIsOneDigestAsWell() throws Exception {
        for (int topic = 0; topic < 30; topic++) {
            desk.letters("t" + topic + "-dlt", "java.lang.E" + "x".repeat(topic + 1) + "Exception", 1);
        }
        desk.lookFor(Duration.ofMinutes(2), SECOND);
        assertThat(desk.told())
                .extracting(message -> message.getString("title"))
                .containsExactly("30 new failure groups");
    }

    @Test
    void aGroupThatGetsLettersMuchFasterThanBeforeEscalatesUntilItIsCalm() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = condition = 'escalating'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 29);
        desk.sql("UPDATE failure_group_counter SET first_seen_at = now() - interval '3 days'");
        desk.sql("UPDATE failure_group_bucket SET letters = 12, hour = hour - interval '2 days'");
        desk.look();
        assertThat(desk.rule("escalating").getInteger("firing")).isZero();
        desk.sql("INSERT INTO failure_group_bucket SELECT id, date_trunc('hour', now()), 29 FROM failure_group");
        desk.lookFor(Duration.ofSeconds(41), TEN_SECONDS);
        assertThat(desk.told()).singleElement().satisfies(alert -> {
            assertThat(alert.getString("event")).isEqualTo("redrive.group.escalating");
            assertThat(alert.getString("title")).isEqualTo("IllegalStateException escalates: 29 letters in 2 hours");
            assertThat(alert.getString("status")).isEqualTo("firing");
            assertThat(alert.getString("failureGroupId")).isNotNull();
        });
        desk.deliver();
        desk.sql("DELETE FROM failure_group_bucket WHERE letters = 29");
        desk.lookFor(Duration.ofMinutes(7), TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.group.escalating", "redrive.alert.resolved");
    }

    @Test
    @DisplayName("A-08: a condition that comes and goes every 5 s is told once, and its end when it stays away")
    void aConditionThatFlapsIsDamped() throws Exception {
        for (int n = 0; n < 120; n++) {
            desk.tell(n % 2 == 0 ? desk.expiry("orders-dlt") : desk.expiryOver("orders-dlt"));
            desk.letTimePass(Duration.ofSeconds(5));
            desk.look();
        }
        assertThat(desk.events()).containsExactly("redrive.alert.firing");
        desk.deliver();
        assertThat(desk.api.json("/api/v1/overview").getInteger("alertsFiring")).isEqualTo(1);
        desk.lookFor(Duration.ofMinutes(2), TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.firing", "redrive.alert.resolved");
        assertThat(desk.api.json("/api/v1/alerts?state=firing").getJsonArray("items"))
                .isEmpty();
    }

    @Test
    void whatIsOverBeforeItIsToldIsNotTold() throws Exception {
        desk.tell(desk.expiry("orders-dlt"));
        desk.sql("UPDATE alert_rule SET group_wait_seconds = 600");
        desk.tell(desk.expiryOver("orders-dlt"));
        desk.lookFor(Duration.ofMinutes(20), TEN_SECONDS);
        assertThat(desk.told()).isEmpty();
    }

    @Test
    @DisplayName("A-09: what ended before its beginning was delivered is one note that says both")
    void anEndOvertakesNoBeginning() throws Exception {
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(Duration.ofSeconds(31), TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.firing");
        desk.tell(desk.expiryOver("orders-dlt"));
        desk.lookFor(Duration.ofMinutes(6), TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.resolved");
        var note = desk.told().get(0);
        assertThat(note.getString("title")).isEqualTo("Over: orders-dlt loses letters soon");
        assertThat(note.getString("firedAt")).isLessThan(note.getString("resolvedAt"));
        assertThat(desk.outbox("suppressed"))
                .extracting(kept -> kept.getString("suppressedBy"))
                .containsExactly("told together with its end");
    }

    @Test
    @DisplayName("A-12: a new failure is told once, its return after it was resolved once, and the same again never")
    void aReturnIsToldAndTheSameAgainIsNot() throws Exception {
        var failure = "java.lang.IllegalStateException";
        desk.letters("orders-dlt", failure, 1);
        desk.lookFor(Duration.ofMinutes(6), TEN_SECONDS);
        desk.letters("orders-dlt", failure, 3);
        desk.lookFor(Duration.ofHours(5), Duration.ofMinutes(5));
        assertThat(desk.events()).containsExactly("redrive.group.new");

        desk.sql("INSERT INTO failure_group_state (failure_group_id, triage) SELECT id, 'resolved' FROM failure_group");
        desk.letters("orders-dlt", failure, 1);
        desk.lookFor(Duration.ofMinutes(6), TEN_SECONDS);
        desk.letters("orders-dlt", failure, 3);
        desk.lookFor(Duration.ofHours(5), Duration.ofMinutes(5));
        assertThat(desk.events()).containsExactly("redrive.group.new", "redrive.group.regressed");
        assertThat(desk.told().get(1).getString("title"))
                .isEqualTo("IllegalStateException is back after it was resolved");
    }

    @Test
    @DisplayName("A-14: three letters that nobody touches for 24 h are told, and are over when they are handled")
    void lettersThatWaitAreTold() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = condition = 'oldest-open'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 3);
        desk.lookFor(Duration.ofHours(23), Duration.ofHours(1));
        assertThat(desk.told()).isEmpty();
        desk.lookFor(Duration.ofHours(3), Duration.ofHours(1));
        assertThat(desk.told()).singleElement().satisfies(alert -> {
            assertThat(alert.getString("title")).isEqualTo("3 letters of orders-dlt are open for more than 24 hours");
            assertThat(alert.getInteger("count")).isEqualTo(3);
            assertThat(alert.getString("link")).contains("/ui/letters?q=topic%3Aorders-dlt+is%3Aopen+ts%3A%3C%3D");
        });
        var link = desk.told().get(0).getString("link");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        var frozen = desk.api.json("/api/v1/dead-letters" + link.substring(link.indexOf("?q=")));
        assertThat(frozen.getJsonArray("items"))
                .as("what was told, whatever came since")
                .hasSize(3);
        desk.sql("UPDATE letter_state SET status = 'discarded'");
        desk.lookFor(Duration.ofMinutes(10), TEN_SECONDS);
        assertThat(desk.api.json("/api/v1/overview").getInteger("alertsFiring")).isZero();
    }

    @Test
    @DisplayName("A-18: an endpoint that takes nothing is an alert to be seen; the rule adds no message to the notice")
    void anEndpointThatTakesNothingIsShown() throws Exception {
        desk.sql("INSERT INTO alert_delivery (webhook_id, endpoint_id, episode, event, data, state)"
                + " SELECT 'msg_1', id, 'alert:1', 'redrive.alert.firing', '{}', 'dead' FROM alert_endpoint");
        desk.lookFor(Duration.ofMinutes(1), Duration.ofSeconds(10));
        var firing = desk.api.json("/api/v1/alerts?state=firing").getJsonArray("items");
        assertThat(firing).hasSize(1);
        assertThat(firing.getJsonObject(0).getString("condition")).isEqualTo("delivery-dead");
        assertThat(firing.getJsonObject(0).getString("title")).isEqualTo("1 alert did not reach one");
        desk.sql("UPDATE alert_delivery SET state = 'delivered', delivered_at = now()");
        desk.lookFor(Duration.ofMinutes(3), Duration.ofSeconds(10));
        assertThat(desk.rule("delivery-dead").getInteger("firing")).isZero();
        assertThat(desk.sql("SELECT FROM alert_delivery")).hasSize(1);
    }

    @Test
    @DisplayName("A-22: two processes that look and tell at once write each message once")
    void twoProcessesTellOnce() throws Exception {
        for (int n = 0; n < 20; n++) {
            desk.tell(desk.expiry("topic-" + n));
        }
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.letTimePass(Duration.ofSeconds(31));
        var others = List.of(desk.watch(), desk.watch(), desk.watch());
        desk.await(Future.all(others.stream().map(desk::look).toList()));
        assertThat(desk.events()).containsExactlyInAnyOrder("redrive.group.new", "redrive.alert.firing");
    }

    @Test
    void manyLettersWithinAWindowFireByTheirFilter() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = false");
        var rule = new JsonObject()
                .put("name", "Many illegal states")
                .put("condition", "letters")
                .put("query", "class:IllegalState*")
                .put("threshold", 20)
                .put("window", "PT5M")
                .put("severity", "error")
                .put("groupWait", "PT0S");
        assertThat(desk.make("/api/v1/alert-rules", rule).statusCode()).isEqualTo(201);
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 19);
        desk.letters("orders-dlt", "java.lang.OtherException", 50);
        desk.look();
        assertThat(desk.told()).isEmpty();
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.look();
        assertThat(desk.told())
                .singleElement()
                .satisfies(alert -> assertThat(alert.getString("title"))
                        .isEqualTo("20 letters arrived in orders-dlt within 5 minutes"));
    }

    @Test
    void aRuleThatCannotBeReadAnyMoreFitsNothing() throws Exception {
        desk.sql("UPDATE alert_rule SET query = 'nonsense:x' WHERE condition = 'new-group'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.lookFor(Duration.ofMinutes(1), TEN_SECONDS);
        assertThat(desk.told()).isEmpty();
        assertThat(desk.sql("SELECT FROM dead_letter")).hasSize(1);
    }
}
