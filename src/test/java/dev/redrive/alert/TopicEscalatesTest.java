package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic against its own week, beside the failure groups that it is made of. */
class TopicEscalatesTest {

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

    /** As many letters in each hour of the week before as each failure group of the topic has now. */
    private void sameAllWeek(String topic) throws Exception {
        desk.sql("INSERT INTO letter_tally SELECT s.hour - n, s.kind_ref, s.failure_group_id, s.status, s.letters"
                + " FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref JOIN dead_letter_topic t ON t.id = k.topic_ref"
                + " CROSS JOIN generate_series(1, 200) AS n WHERE s.hour >= 0 AND t.name = '" + topic + "'");
        desk.sql("UPDATE failure_group_counter SET first_seen_at = now() - interval '9 days'");
    }

    private List<String> firing() throws Exception {
        return desk
                .sql("SELECT subject_id FROM alert WHERE condition = 'topic-escalating' AND state = 'firing'"
                        + " ORDER BY subject_id")
                .stream()
                .map(row -> row.getString("subject_id"))
                .toList();
    }

    @Test
    void aRateThatRisesAcrossManyGroupsIsToldOnceThoughNoGroupEscalates() throws Exception {
        desk.failures("orders-dlt", 12, 1);
        desk.letBe(72);
        desk.failures("orders-dlt", 12, 3);
        var hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(1));
        desk.lookFor(Duration.ofMinutes(20), TEN_SECONDS);
        assertThat(desk.told()).singleElement().satisfies(alert -> {
            assertThat(alert.getString("event")).isEqualTo(RISES);
            assertThat(alert.getString("title"))
                    .isEqualTo("orders-dlt escalates: 36 letters since " + hour + ", usually less than 1 an hour");
            assertThat(alert.getInteger("letters")).isEqualTo(36);
            assertThat(alert.getString("failures")).startsWith("ExException (3), ExxException (3), Exxx");
            assertThat(alert.getJsonArray("groups")).hasSize(12);
            assertThat(alert.getString("link"))
                    .startsWith(RuleDesk.PUBLIC_URL + "/ui/letters?q=topic%3Aorders-dlt+ts%3A%3E%3D")
                    .endsWith("+id%3A..48");
            assertThat(alert.getJsonObject("subject").getMap())
                    .containsEntry("kind", "topic")
                    .containsEntry("topic", "orders-dlt")
                    .containsEntry("cluster", "main");
        });
        assertThat(firing()).containsExactly("main/orders-dlt");
    }

    @Test
    void aSteadyRateHoweverHighIsNoEscalationAndThreeTimesAsMuchIs() throws Exception {
        desk.failures("orders-dlt", 2, 30);
        sameAllWeek("orders-dlt");
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(firing()).isEmpty();
        desk.sql("UPDATE letter_tally SET letters = letters * 7 WHERE hour = (SELECT max(hour) FROM letter_tally)");
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(firing()).containsExactly("main/orders-dlt");
    }

    @Test
    void aTopicOfWhichThereIsLessThanADayHasNothingToBeComparedWith() throws Exception {
        desk.failures("orders-dlt", 1, 20);
        desk.letBe(22);
        desk.failures("orders-dlt", 1, 20);
        desk.sql("UPDATE failure_group_counter SET first_seen_at = now() - interval '9 days'");
        desk.look();
        assertThat(firing()).isEmpty();
        desk.sql("UPDATE letter_state SET failed_hour = failed_hour - 2 WHERE failed_hour < (SELECT max(failed_hour)"
                + " FROM letter_state)");
        desk.sql("UPDATE letter_tally SET letters = letters * 10 WHERE hour = (SELECT max(hour) FROM letter_tally)");
        desk.look();
        assertThat(firing()).containsExactly("main/orders-dlt");
    }

    @Test
    void aPastOfLessThanAWeekIsComparedByWhatThereIsOfIt() throws Exception {
        desk.failures("orders-dlt", 1, 480);
        desk.letBe(49);
        desk.failures("orders-dlt", 1, 70);
        desk.look();
        assertThat(firing()).as("480 in 48 hours are 10 an hour").containsExactly("main/orders-dlt");
        desk.sql(
                "UPDATE letter_tally SET letters = letters - 41 WHERE hour IN (-1, (SELECT max(hour) FROM letter_tally))");
        desk.lookFor(Duration.ofMinutes(2), TEN_SECONDS);
        assertThat(firing()).isEmpty();
    }

    @Test
    void lettersOfWhichSomebodyWasToldOrWantsToHearNothingDoNotCount() throws Exception {
        desk.failures("orders-dlt", 2, 1);
        desk.letBe(72);
        desk.failures("orders-dlt", 2, 8);
        desk.letters("orders-dlt", "java.lang.NewException", 500);
        desk.sql("INSERT INTO failure_group_state (failure_group_id, triage, snoozed_until)"
                + " SELECT id, 'snoozed', now() + interval '1 day' FROM failure_group WHERE title = 'ExException'");
        desk.look();
        assertThat(firing()).isEmpty();
        desk.sql("UPDATE failure_group_state SET triage = 'none'");
        desk.look();
        assertThat(firing()).containsExactly("main/orders-dlt");
    }

    @Test
    void aFilterNarrowsWhatIsCountedThenAndNow() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = false");
        for (var topic : List.of("orders-dlt", "returns-dlt")) {
            desk.failures(topic, 1, 30);
        }
        desk.letBe(72);
        desk.failures("orders-dlt", 1, 5);
        desk.failures("returns-dlt", 1, 15);
        desk.letters("orders-dlt", "java.lang.OtherException", 11);
        desk.sql("UPDATE failure_group_counter SET first_seen_at = now() - interval '9 days'");
        desk.make("/api/v1/alert-rules", rule("A").put("query", "class:ExException topic:orders-dlt"));
        desk.make("/api/v1/alert-rules", rule("B").put("query", "-topic:orders-*"));
        desk.make("/api/v1/alert-rules", rule("C").put("query", "class:OtherException"));
        desk.look();
        assertThat(desk.sql("SELECT rule_name, subject_id FROM alert").stream()
                        .map(row -> row.getString("rule_name") + " " + row.getString("subject_id")))
                .as("A has not enough letters, and what C asks for has no past")
                .containsExactly("B main/returns-dlt");
    }

    private static JsonObject rule(String name) {
        return new JsonObject()
                .put("name", name)
                .put("condition", "topic-escalating")
                .put("severity", "warning");
    }

    @Test
    void topicsOfOneNameAreToldApartByTheirClusters() throws Exception {
        desk.failures("orders-dlt", 1, 40);
        sameAllWeek("orders-dlt");
        desk.sql("INSERT INTO cluster (kafka_id, name) VALUES ('kafka-2', 'other')");
        desk.sql("INSERT INTO dead_letter_topic (cluster_id, topic_id, name) SELECT id, gen_random_uuid(), 'orders-dlt'"
                + " FROM cluster WHERE name = 'other'");
        desk.sql(
                "INSERT INTO letter_kind (topic_ref, convention) SELECT max(id), 'spring-kafka' FROM dead_letter_topic");
        desk.sql(
                "INSERT INTO letter_tally SELECT s.hour - n, k.id, s.failure_group_id, s.status, CASE n WHEN 0 THEN 40 ELSE 1 END"
                        + " FROM letter_tally s CROSS JOIN (SELECT max(id) AS id FROM letter_kind) AS k"
                        + " CROSS JOIN unnest(ARRAY[0, 100]) AS n WHERE s.hour = (SELECT max(hour) FROM letter_tally)");
        desk.sql(
                "INSERT INTO letter_tally SELECT -1, kind_ref, failure_group_id, status, sum(letters) FROM letter_tally"
                        + " WHERE kind_ref = (SELECT max(id) FROM letter_kind) GROUP BY 1, 2, 3, 4");
        desk.look();
        assertThat(firing()).containsExactly("other/orders-dlt");
    }

    @Test
    void aTopicThatWasMadeAnewIsStillTheSame() throws Exception {
        desk.failures("orders-dlt", 1, 40);
        sameAllWeek("orders-dlt");
        desk.sql("INSERT INTO dead_letter_topic (cluster_id, topic_id, name)"
                + " SELECT cluster_id, gen_random_uuid(), name FROM dead_letter_topic");
        desk.sql(
                "INSERT INTO letter_kind (topic_ref, convention) SELECT max(id), 'spring-kafka' FROM dead_letter_topic");
        desk.sql("UPDATE letter_tally SET kind_ref = (SELECT max(id) FROM letter_kind)"
                + " WHERE hour = (SELECT max(hour) FROM letter_tally)");
        desk.look();
        assertThat(firing()).isEmpty();
        desk.sql("UPDATE letter_tally SET letters = letters * 6 WHERE hour = (SELECT max(hour) FROM letter_tally)");
        desk.look();
        assertThat(firing()).containsExactly("main/orders-dlt");
        assertThat(backtest(rule("x")).getInteger("count")).isEqualTo(1);
    }

    @Test
    void itIsOverWhenTheRateHasFallenForAWhile() throws Exception {
        desk.failures("orders-dlt", 12, 1);
        desk.letBe(72);
        desk.failures("orders-dlt", 12, 3);
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.events()).containsExactly(RISES);
        desk.deliver();
        desk.lookFor(Duration.ofHours(3), Duration.ofMinutes(1));
        assertThat(desk.events()).containsExactly(RISES, "redrive.alert.resolved");
        assertThat(desk.told().get(1).getString("title")).startsWith("Over: orders-dlt escalates: 36 letters");
    }

    @Test
    void theRuleIsTriedOnThePast() throws Exception {
        desk.failures("orders-dlt", 12, 1);
        desk.sql("UPDATE failure_group_counter SET first_seen_at = now() - interval '9 days'");
        desk.sql("INSERT INTO letter_tally SELECT s.hour - n, s.kind_ref, s.failure_group_id, s.status,"
                + " CASE WHEN n = 200 THEN 1 WHEN n IN (30, 31) THEN 20 ELSE 60 END"
                + " FROM letter_tally s CROSS JOIN unnest(ARRAY[6, 30, 31, 200]) AS n WHERE s.hour >= 0");
        var result = backtest(rule("x"));
        assertThat(result.getInteger("count")).isEqualTo(2);
        var latest = result.getJsonArray("firings").getJsonObject(0);
        assertThat(latest.getInteger("count")).isEqualTo(720);
        assertThat(latest.getJsonObject("subject").getString("topic")).isEqualTo("orders-dlt");
        assertThat(lasted(latest)).isEqualTo(Duration.ofHours(2));
        assertThat(lasted(result.getJsonArray("firings").getJsonObject(1))).isEqualTo(Duration.ofHours(3));
        assertThat(backtest(rule("x").put("query", "topic:returns-dlt")).getInteger("count"))
                .isZero();
        assertThat(backtest(rule("x").put("threshold", 1000)).getInteger("count"))
                .as("the first came after a week without any")
                .isEqualTo(1);
    }

    private static Duration lasted(JsonObject firing) {
        return Duration.between(Instant.parse(firing.getString("at")), Instant.parse(firing.getString("until")));
    }

    private JsonObject backtest(JsonObject rule) throws Exception {
        var answer = desk.api.post("/api/v1/alert-rules/backtests", rule);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }
}
