package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who speaks where a topic escalates, and failure groups of it do. */
class TopicAndGroupEscalateTest {

    private static final String RISES = "redrive.topic.escalating";
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration UNTIL_TOLD = Duration.ofSeconds(41);

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
        desk.sql("UPDATE alert_rule SET enabled = condition IN ('escalating', 'topic-escalating')");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    void aGroupThatEscalatesWithItsTopicIsToldWithItAndNotASecondTime() throws Exception {
        escalateBoth();
        desk.lookFor(Duration.ofMinutes(20), TEN_SECONDS);
        assertThat(desk.events()).containsExactly(RISES);
        var kept = desk.outbox("suppressed");
        assertThat(kept).singleElement().satisfies(alert -> {
            assertThat(alert.getString("event")).isEqualTo("redrive.group.escalating");
            assertThat(alert.getString("suppressedBy"))
                    .startsWith("inhibition ")
                    .contains(": orders-dlt escalates: 50");
        });
    }

    @Test
    void aGroupThatEscalatesIsToldWhereASilenceKeepsItsTopicBack() throws Exception {
        escalateBoth();
        var silence = new JsonObject()
                .put("query", "rule:\"Topic escalates\"")
                .put("until", desk.now().plus(Duration.ofHours(9)).toString())
                .put("reason", "groups say it all");
        assertThat(desk.make("/api/v1/silences", silence).statusCode()).isEqualTo(201);
        desk.lookFor(Duration.ofMinutes(7), TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.group.escalating");
    }

    @Test
    void aGroupThatEscalatesIsToldToWhomNobodyTellsOfItsTopic() throws Exception {
        desk.sql("UPDATE alert_rule SET endpoint_ids = ARRAY[(SELECT max(id) FROM alert_endpoint)]"
                + " WHERE condition = 'topic-escalating'");
        escalateBoth();
        desk.lookFor(Duration.ofMinutes(7), TEN_SECONDS);
        assertThat(desk.events()).containsExactlyInAnyOrder(RISES, "redrive.group.escalating");
    }

    private void escalateBoth() throws Exception {
        desk.failures("orders-dlt", 1, 1);
        desk.letBe(72);
        desk.failures("orders-dlt", 1, 50);
    }

    @Test
    void aGroupThatTheAlertOfATopicDoesNotNameIsToldOnItsOwn() throws Exception {
        desk.sql("UPDATE alert_rule SET query = 'class:ExxException' WHERE condition = 'topic-escalating'");
        desk.failures("orders-dlt", 2, 1);
        desk.letBe(72);
        desk.failures("orders-dlt", 2, 50);
        desk.lookFor(Duration.ofMinutes(7), TEN_SECONDS);
        assertThat(desk.told())
                .extracting(alert -> alert.getString("title"))
                .anyMatch(title -> title.startsWith("orders-dlt escalates: 50 letters"))
                .anyMatch(title -> title.startsWith("ExException escalates: 50 letters"))
                .hasSize(2);
    }

    @Test
    void theLargestMessageFitsIntoTheOutbox() throws Exception {
        for (int n = 1; n <= 25; n++) {
            desk.letters("orders-dlt", "\"\\".repeat(200) + "E" + "x".repeat(n) + "Exception", 1);
        }
        desk.letBe(72);
        for (int n = 1; n <= 25; n++) {
            desk.letters("orders-dlt", "\"\\".repeat(200) + "E" + "x".repeat(n) + "Exception", 1);
        }
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.events()).containsExactly(RISES);
        JsonArray groups = desk.told().get(0).getJsonArray("groups");
        assertThat(groups).hasSize(20);
    }
}
