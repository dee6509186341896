package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What fires while somebody changes the rule, its endpoints or the clusters, and while a storm goes by. */
class AlertChangesTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration UNTIL_TOLD = Duration.ofSeconds(31);
    private static final Duration UNTIL_OVER = Duration.ofMinutes(7);

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    /** An unread letter with so much of its retention left. */
    private AlertNotice left(int percent) {
        var data = new JsonObject().put("headroomPercent", percent);
        return AlertNotice.of(
                Condition.EXPIRY,
                AlertSubject.topic("main", "orders-dlt", ""),
                percent + " % are left",
                1,
                desk.now(),
                "/topics/orders-dlt",
                data);
    }

    @Test
    void whatIsNotBadEnoughForARuleAnyMoreIsOverForIt() throws Exception {
        desk.sql("UPDATE alert_rule SET threshold = 20 WHERE condition = 'expiry'");
        desk.tell(left(15));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.deliver();
        desk.tell(left(35));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.firing", "redrive.alert.resolved");
    }

    @Test
    void whatTheQueryOfARuleFitsNoMoreIsOverForIt() throws Exception {
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.deliver();
        desk.sql("UPDATE alert_rule SET query = 'topic:payments-dlt' WHERE condition = 'expiry'");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.firing", "redrive.alert.resolved");
    }

    @Test
    void aStormThatWasToldHidesNothingNew() throws Exception {
        desk.sql("""
                INSERT INTO alert (rule_id, rule_name, condition, severity, moment, subject_kind, subject_id, title, topic,
                  facts, data, path, state, since, fired_at, told, told_as, told_at)
                SELECT r.id, r.name, r.condition, r.severity, true, 'group', n::text, 'old', 'orders-dlt', '{}', '{}', '/',
                  'firing', now(), now(), 'firing', 'alerts:' || r.id, now() - interval '1 hour'
                FROM alert_rule r, generate_series(100001, 105000) AS n WHERE r.condition = 'new-group'""");
        desk.letters("payments-dlt", "java.lang.CardException", 1);
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.told())
                .extracting(message -> message.getString("title"))
                .containsExactly("CardException");
    }

    @Test
    void anEndGoesToWhoeverHeardOfTheBeginningWhomeverTheRuleNamesByThen() throws Exception {
        var id = addAnEndpoint("two", "webhook");
        desk.sql("UPDATE alert_rule SET endpoint_ids = '{1}' WHERE condition = 'expiry'");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(toldTo()).containsExactly("one redrive.alert.firing");
        desk.deliver();
        desk.sql("UPDATE alert_rule SET endpoint_ids = ARRAY[" + id + "] WHERE condition = 'expiry'");
        desk.tell(desk.expiryOver("orders-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(toldTo())
                .containsExactlyInAnyOrder(
                        "one redrive.alert.firing", "one redrive.alert.resolved", "two redrive.alert.resolved");
        desk.deliver();

        desk.tell(desk.expiry("other-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        desk.deliver();
        desk.tell(desk.expiryOver("other-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(toldTo())
                .as("one heard nothing of it")
                .filteredOn(told -> told.startsWith("one"))
                .hasSize(2);
    }

    @Test
    void theOneNoteOfWhatEndedTooEarlyAlsoGoesToWhomTheBeginningWasFor() throws Exception {
        var id = addAnEndpoint("two", "webhook");
        desk.sql("UPDATE alert_rule SET endpoint_ids = '{1}' WHERE condition = 'expiry'");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.sql("UPDATE alert_rule SET endpoint_ids = ARRAY[" + id + "] WHERE condition = 'expiry'");
        desk.tell(desk.expiryOver("orders-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(toldTo()).contains("one redrive.alert.resolved").doesNotContain("one redrive.alert.firing");
    }

    @Test
    void aRuleOfWhichEveryEndpointIsGoneTellsAllOthersInsteadOfNobody() throws Exception {
        var id = addAnEndpoint("two", "webhook");
        desk.sql("UPDATE alert_rule SET endpoint_ids = ARRAY[" + id + "] WHERE condition = 'expiry'");
        desk.sql("UPDATE alert_endpoint SET state = 'absent', removed_at = now() WHERE name = 'two'");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(toldTo()).containsExactly("one redrive.alert.firing");
    }

    @Test
    void aHeartbeatIsNoEndpointOfARule() throws Exception {
        var id = addAnEndpoint("switch", "heartbeat");
        var rule = new JsonObject()
                .put("name", "Soon")
                .put("condition", "expiry")
                .put("severity", "info")
                .put("endpointIds", JsonArray.of(id));
        var answer = desk.make("/api/v1/alert-rules", rule);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.bodyAsJsonObject().getString("detail")).contains("is told of alerts");
    }

    @Test
    void nothingOfAClusterThatLeftTheSettingsFiresForEver() throws Exception {
        desk.sql("INSERT INTO cluster (kafka_id, name) VALUES ('kafka-9', 'left')");
        desk.sql("INSERT INTO cluster_watch (cluster_id, measured_at) SELECT id, now() - interval '1 day' FROM cluster"
                + " WHERE name = 'left'");
        desk.sql("""
                INSERT INTO alert (rule_id, rule_name, condition, severity, moment, subject_kind, subject_id, title, topic,
                  cluster, facts, data, path, state, since, fired_at, told, told_as, told_at)
                SELECT r.id, r.name, r.condition, r.severity, false, 'consumer', 'left/orders/svc', 'behind', 'orders',
                  'left', '{}', '{}', '/', 'firing', now(), now(), 'firing', 'alert:1', now()
                FROM alert_rule r WHERE r.condition = 'consumer-lag'""");
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.resolved");
    }

    @Test
    void aConditionHoldsFromWhenItBeganAndNotFromTheFirstLetter() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = false");
        var rule = new JsonObject()
                .put("name", "Many")
                .put("condition", "letters")
                .put("threshold", 20)
                .put("window", "PT30M")
                .put("forDuration", "PT2M")
                .put("severity", "error")
                .put("groupWait", "PT0S");
        assertThat(desk.make("/api/v1/alert-rules", rule).statusCode()).isEqualTo(201);
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 10);
        desk.sql("UPDATE dead_letter SET ingested_at = ingested_at - interval '5 minutes'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 10);
        desk.look();
        desk.lookFor(Duration.ofSeconds(100), TEN_SECONDS);
        assertThat(desk.told()).isEmpty();
        desk.lookFor(Duration.ofSeconds(30), TEN_SECONDS);
        assertThat(desk.told()).hasSize(1);
    }

    @Test
    void lettersAreTooOldToTheMinute() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = condition = 'oldest-open'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 3);
        desk.letTimePass(Duration.ofHours(24).minusMinutes(1));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.told()).isEmpty();
        desk.letTimePass(Duration.ofMinutes(1));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.told()).singleElement().satisfies(alert -> {
            assertThat(alert.getInteger("count")).isEqualTo(3);
            assertThat(alert.getString("rule")).isEqualTo("Letters wait for a day");
        });
    }

    @Test
    void theRunbookOfAFailureGroupGoesBeforeThatOfTheRule() throws Exception {
        desk.sql("UPDATE alert_rule SET runbook_url = 'https://wiki.example/rule'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        desk.sql("INSERT INTO failure_group_state (failure_group_id, triage, runbook_url)"
                + " SELECT id, 'resolved', 'https://wiki.example/group' FROM failure_group");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.told())
                .extracting(message -> message.getString("runbook"))
                .containsExactly("https://wiki.example/rule", "https://wiki.example/group");
        assertThat(desk.api
                        .json("/api/v1/alerts")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getString("runbookUrl"))
                .isEqualTo("https://wiki.example/group");
    }

    @Test
    void whatWasToldLongAgoIsForgottenUnlessItIsOnItsWay() throws Exception {
        desk.tell(desk.expiry("a-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.deliver();
        desk.sql(
                "INSERT INTO alert_delivery (webhook_id, endpoint_id, episode, event, data)"
                        + " SELECT 'msg_' || n, 1, 'alert:' || n, 'redrive.alert.firing', '{}' FROM generate_series(8, 9) AS n");
        desk.sql("UPDATE alert_delivery SET created_at = now() - interval '91 days' WHERE webhook_id <> 'msg_9'");
        desk.await(desk.watch().prune(desk.now()));
        assertThat(desk.sql("SELECT webhook_id FROM alert_delivery ORDER BY id"))
                .extracting(row -> row.getString(0))
                .containsExactly("msg_8", "msg_9");
    }

    @Test
    void aClockThatWasHalfADayAheadKeepsNobodyWaiting() throws Exception {
        desk.letTimePass(Duration.ofHours(12));
        desk.tell(desk.expiry("a-dlt"));
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.tell(desk.expiryOver("a-dlt"), desk.expiry("b-dlt"));
        desk.deliver();
        desk.letTimePass(Duration.ofHours(-12));
        desk.letters("orders-dlt", "java.lang.OtherException", 1);
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.told())
                .extracting(message -> message.getString("title"))
                .containsExactlyInAnyOrder(
                        "a-dlt loses letters soon",
                        "IllegalStateException",
                        "b-dlt loses letters soon",
                        "Over: a-dlt loses letters soon",
                        "OtherException");
    }

    @Test
    void aQueryThatIsTooLongForALinkKeepsNoMessageBack() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = false");
        var rule = new JsonObject()
                .put("name", "Many")
                .put("condition", "letters")
                .put("query", "-class:\"" + "ü".repeat(3_900) + "\"")
                .put("threshold", 1)
                .put("severity", "error")
                .put("groupWait", "PT0S");
        assertThat(desk.make("/api/v1/alert-rules", rule).statusCode()).isEqualTo(201);
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 1);
        desk.look();
        assertThat(desk.told())
                .singleElement()
                .satisfies(alert -> assertThat(alert.getString("link"))
                        .contains("/ui/letters?q=topic%3Aorders-dlt+is%3Aopen+id%3A.."));
    }

    private String addAnEndpoint(String name, String kind) throws Exception {
        var added = desk.sql("INSERT INTO alert_endpoint (name, address_hash, kind) VALUES ('" + name + "', sha256('"
                + name + "'), '" + kind + "') RETURNING id");
        return added.get(0).getInteger("id").toString();
    }

    /** Each endpoint and what it is told of, in the order of writing. */
    private List<String> toldTo() throws Exception {
        List<Row> rows = desk.sql("SELECT e.name || ' ' || d.event FROM alert_delivery d JOIN alert_endpoint e"
                + " ON e.id = d.endpoint_id WHERE d.state IN ('pending', 'delivered') ORDER BY d.id");
        return rows.stream().map(row -> row.getString(0)).toList();
    }
}
