package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How alerts end that nobody could end, that somebody hears of each, and that its link stays what it was. */
class AlertEndsTest {

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

    @Test
    void whatLiesInAClusterThatLeftTheSettingsIsOverAndSaysSo() throws Exception {
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.deliver();
        var without = desk.watch(Map.of(), Set.of("other"));
        for (int look = 0; look < 45; look++) {
            desk.letTimePass(TEN_SECONDS);
            desk.await(desk.look(without));
        }
        desk.deliver();
        desk.letTimePass(Duration.ofHours(9));
        desk.await(desk.look(without));
        assertThat(desk.events()).containsExactly("redrive.alert.firing", "redrive.alert.resolved");
        assertThat(desk.told().get(1).getString("title"))
                .isEqualTo("Over: orders-dlt loses letters soon. Cluster main is not in the settings any more.");
    }

    @Test
    void whatIsLookedAtByAProcessThatStillHasTheClusterGoesOn() throws Exception {
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.deliver();
        var without = desk.watch(Map.of(), Set.of("other"));
        for (int look = 0; look < 45; look++) {
            desk.letTimePass(TEN_SECONDS);
            desk.await(desk.look(without));
            desk.tell(desk.expiry("orders-dlt"));
        }
        assertThat(desk.events()).containsExactly("redrive.alert.firing");
    }

    @Test
    void anEndSaysAlsoOfWhatWasOverBeforeIfNobodyTookAnyOfIt() throws Exception {
        desk.tell(desk.expiry("orders-dlt"), desk.expiry("returns-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.tell(desk.expiryOver("orders-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.events()).hasSize(2).containsOnly("redrive.alert.firing");
        desk.tell(desk.expiryOver("returns-dlt"));
        desk.lookFor(UNTIL_OVER, TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.alert.resolved");
        assertThat(desk.told().get(0).getJsonArray("alerts").stream()
                        .map(entry -> ((JsonObject) entry).getString("title")))
                .containsExactlyInAnyOrder("orders-dlt loses letters soon", "returns-dlt loses letters soon");
    }

    @Test
    void aStormOfMoreGroupsThanAreLookedAtEndsNone() throws Exception {
        desk.sql("INSERT INTO failure_group (fingerprint, fingerprint_version, title, topic, convention, parts)"
                + " SELECT sha256(convert_to(n::text, 'UTF8')), 1, 'E' || n, 'orders-dlt', 'spring-kafka', '[]'"
                + " FROM generate_series(1, 1002) AS n ORDER BY n");
        desk.sql("INSERT INTO failure_group_counter (failure_group_id, letters, open, first_seen_at, last_seen_at)"
                + " SELECT id, 50, 50, now() - interval '10 days', now() FROM failure_group");
        desk.sql("INSERT INTO failure_group_bucket SELECT max(id), date_trunc('hour', now()), 50 FROM failure_group");
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.group.escalating");
        desk.sql("INSERT INTO failure_group_bucket SELECT id, date_trunc('hour', now()), 50 FROM failure_group"
                + " ON CONFLICT DO NOTHING");
        desk.lookFor(UNTIL_OVER, Duration.ofMinutes(1));
        assertThat(desk.sql("SELECT 1 FROM alert WHERE state <> 'firing'")).isEmpty();
        assertThat(desk.events()).doesNotContain("redrive.alert.resolved");
    }

    @Test
    void aMomentIsToldHoweverLongNoProcessRan() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = condition = 'new-group'");
        desk.letters("orders-dlt", "IllegalStateException", 3);
        desk.letTimePass(Duration.ofHours(60));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(desk.events()).containsExactly("redrive.group.new");
        desk.lookFor(TEN_SECONDS, TEN_SECONDS);
        assertThat(desk.sql("SELECT state FROM alert").get(0).getString("state"))
                .isEqualTo("resolved");
    }

    @Test
    void aMomentThatASilenceKeptBackForADayIsOver() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = condition = 'new-group'");
        desk.letters("orders-dlt", "IllegalStateException", 3);
        desk.sql("INSERT INTO alert_silence (query, starts_at, ends_at, author, reason)"
                + " VALUES ('topic:orders-dlt', now() - interval '1 day', now() + interval '20 days', 'ana', 'known')");
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        desk.letTimePass(Duration.ofHours(25));
        desk.look();
        assertThat(desk.events()).isEmpty();
        assertThat(desk.sql("SELECT state FROM alert").get(0).getString("state"))
                .isEqualTo("resolved");
    }

    @Test
    void theLinkOfAGroupLeadsToTheLettersItToldOfWhateverComesLater() throws Exception {
        desk.letters("orders-dlt", "IllegalStateException", 3);
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        var told = desk.told().get(0);
        var group = told.getString("failureGroupId");
        var newest = desk.sql("SELECT max(id) AS id FROM dead_letter").get(0).getLong("id");
        var link = RuleDesk.PUBLIC_URL + "/ui/failure-groups/" + group + "?until=" + newest;
        assertThat(told.getString("link")).isEqualTo(link);
        assertThat(told.getLong("count")).isEqualTo(3);
        desk.letters("orders-dlt", "IllegalStateException", 4);
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        var alert = desk.api.json("/api/v1/alerts").getJsonArray("items").getJsonObject(0);
        assertThat(alert.getString("link")).isEqualTo(link);
    }

    @Test
    void aRuleWhoseOnlyEndpointIsOffBecauseOfWhatItDidTellsTheOthers() throws Exception {
        desk.sql("INSERT INTO alert_endpoint (name, address_hash, state, disabled_reason)"
                + " VALUES ('two', sha256('two'), 'disabled', 'the endpoint took nothing for 24 hours')");
        desk.sql("UPDATE alert_rule SET endpoint_ids = (SELECT array_agg(id) FROM alert_endpoint WHERE name = 'two')"
                + " WHERE condition = 'expiry'");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(heard()).containsExactly("one pending", "two dead");
    }

    @Test
    void aRuleWhoseOnlyEndpointAPersonSwitchedOffTellsNobody() throws Exception {
        desk.sql("INSERT INTO alert_endpoint (name, address_hash, state, disabled_reason, enabled)"
                + " VALUES ('two', sha256('two'), 'disabled', 'switched off', false)");
        desk.sql("UPDATE alert_rule SET endpoint_ids = (SELECT array_agg(id) FROM alert_endpoint WHERE name = 'two')"
                + " WHERE condition = 'expiry'");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(UNTIL_TOLD, TEN_SECONDS);
        assertThat(heard()).isEmpty();
    }

    private List<String> heard() throws Exception {
        return desk
                .sql(
                        "SELECT name, d.state FROM alert_delivery d JOIN alert_endpoint e ON e.id = d.endpoint_id ORDER BY 1")
                .stream()
                .map(row -> row.getString("name") + " " + row.getString("state"))
                .toList();
    }
}
