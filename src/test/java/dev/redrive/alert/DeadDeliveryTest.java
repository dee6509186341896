package dev.redrive.alert;

import static dev.redrive.alert.EndpointDesk.ENDPOINTS;
import static dev.redrive.alert.EndpointDesk.KEY;
import static dev.redrive.testkit.Eventually.until;
import static dev.redrive.testkit.Eventually.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who hears that an endpoint takes nothing. */
class DeadDeliveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private EndpointDesk desk;

    @BeforeEach
    void start() throws Exception {
        desk = new EndpointDesk(KEY).tell(KEY);
    }

    @AfterEach
    void stop() throws Exception {
        desk.close();
    }

    @Test
    @DisplayName("A-18: a delivery that is dead is told to another endpoint, never to its own, and sent again by hand")
    void tellsAnotherEndpointOfWhatIsDead() throws Exception {
        var receiver = new ChannelReceiver(desk.vertx, EndpointKind.TEAMS);
        var other = desk.add("other", EndpointKind.TEAMS, receiver.address()).getString("id");
        var owner = desk.add("owner", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1")
                .getString("id");
        desk.put(other, new JsonObject().put("name", "other").put("ownerEndpointId", owner));
        var lost = desk.add("lost", EndpointKind.SLACK, "http://127.0.0.1:1/").getString("id");
        desk.put(lost, new JsonObject().put("name", "lost").put("ownerEndpointId", other));
        desk.happen("alert:1");
        desk.sql("UPDATE alert_delivery SET attempts = 8 WHERE endpoint_id = " + lost);
        untilAsserted(PATIENCE, () -> {
            desk.sql("UPDATE alert_delivery SET next_attempt_at = now() WHERE endpoint_id = " + lost);
            assertThat(deliveries("?state=dead&endpointId=" + lost)).hasSize(1);
        });
        until(
                PATIENCE,
                () -> receiver.taken.stream().anyMatch(taken -> taken.body().contains("do not reach lost")));
        assertThat(deliveries("?endpointId=" + lost)).hasSize(1);
        var dead = deliveries("?state=dead&endpointId=" + lost).get(0);
        var again = desk.post("/api/v1/deliveries/" + dead.getString("id") + "/redeliveries");
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.bodyAsJsonObject().getString("state")).isEqualTo("pending");
        assertThat(again.bodyAsJsonObject().getString("id")).isEqualTo(dead.getString("id"));
        assertThat(desk.post("/api/v1/deliveries/" + dead.getString("id") + "/redeliveries")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    @DisplayName("A-18: the death of such a message is told to nobody")
    void tellsNobodyThatTellingFailed() throws Exception {
        var one =
                desk.add("one", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1").getString("id");
        desk.add("two", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1");
        desk.happen("alert:1");
        untilAsserted(PATIENCE, () -> {
            desk.sql("UPDATE alert_delivery SET attempts = greatest(attempts, 8), next_attempt_at = now()"
                    + " WHERE state = 'pending'");
            assertThat(deliveries("?state=pending")).isEmpty();
        });
        assertThat(deliveries("?endpointId=" + one))
                .extracting(row -> row.getString("event"))
                .containsOnlyOnce("redrive.delivery.dead");
        assertThat(deliveries(""))
                .hasSize(4)
                .allMatch(row -> row.getString("state").equals("dead"));
    }

    @Test
    void tellsNobodyOfWhatIsDeadWhereTheRuleIsOff() throws Exception {
        desk.sql("UPDATE alert_rule SET enabled = false WHERE condition = 'delivery-dead'");
        desk.add("one", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1");
        desk.add("two", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1");
        desk.happen("alert:1");
        untilAsserted(PATIENCE, () -> {
            desk.sql("UPDATE alert_delivery SET attempts = greatest(attempts, 8), next_attempt_at = now()"
                    + " WHERE state = 'pending'");
            assertThat(deliveries("?state=dead")).hasSize(2);
        });
        assertThat(deliveries("")).hasSize(2);
    }

    @Test
    @DisplayName("A-04: an endpoint that answers 410 is disabled, and another one is told")
    void tellsAnotherEndpointOfOneThatIsGone() throws Exception {
        var receiver = new ChannelReceiver(desk.vertx, EndpointKind.TEAMS);
        desk.add("told", EndpointKind.TEAMS, receiver.address());
        var gone = desk.vertx
                .createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(410).end())
                .listen(0, "127.0.0.1")
                .await();
        var id = desk.add("gone", EndpointKind.ALERTMANAGER, "http://127.0.0.1:" + gone.actualPort())
                .getString("id");
        desk.happen("alert:1");
        until(
                PATIENCE,
                () -> receiver.taken.stream().anyMatch(taken -> taken.body().contains("410 Gone")));
        assertThat(desk.api.json(ENDPOINTS + "/" + id).getString("state")).isEqualTo("disabled");
        assertThat(desk.put(id, new JsonObject().put("name", "gone").put("enabled", true))
                        .bodyAsJsonObject()
                        .getString("state"))
                .isEqualTo("active");
    }

    private List<JsonObject> deliveries(String query) throws Exception {
        return desk.api.json("/api/v1/deliveries" + query).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }
}
