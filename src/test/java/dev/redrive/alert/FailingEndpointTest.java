package dev.redrive.alert;

import static dev.redrive.alert.EndpointDesk.ENDPOINTS;
import static dev.redrive.alert.EndpointDesk.KEY;
import static dev.redrive.testkit.Eventually.until;
import static dev.redrive.testkit.Eventually.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What people see of an endpoint that takes nothing, what they can do, and what becomes of it after a day. */
class FailingEndpointTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MESSAGES = 6;

    private EndpointDesk desk;
    private volatile int status = 500;
    private String id;

    @BeforeEach
    void failFiveTimes() throws Exception {
        desk = new EndpointDesk(KEY).tell(KEY);
        HttpServer server = desk.vertx
                .createHttpServer()
                .requestHandler(
                        request -> request.response().setStatusCode(status).end())
                .listen(0, "127.0.0.1")
                .await();
        id = desk.add("flaky", EndpointKind.ALERTMANAGER, "http://127.0.0.1:" + server.actualPort())
                .getString("id");
        for (int n = 0; n < MESSAGES; n++) {
            desk.happen("alert:" + n);
        }
        until(PATIENCE, () -> endpoint().getString("nextTrialAt") != null);
    }

    @AfterEach
    void stop() throws Exception {
        desk.close();
    }

    @Test
    void saysSinceWhenAndUntilWhenAndIsWellAgainWithATestThatArrives() throws Exception {
        var open = endpoint();
        assertThat(open.getInteger("failures")).isEqualTo(5);
        assertThat(open.getInteger("pending")).isEqualTo(MESSAGES);
        assertThat(time(open, "failingSince")).isBefore(time(open, "nextTrialAt"));
        var waiting = deliveries("?state=pending").get(0);
        assertThat(waiting.getInteger("attempts")).isZero();
        assertThat(waiting.getJsonObject("endpoint").getString("nextTrialAt")).isEqualTo(open.getString("nextTrialAt"));
        assertThat(waiting.getString("nextAttemptAt")).isEqualTo(open.getString("nextTrialAt"));

        var failed = desk.post(ENDPOINTS + "/" + id + "/tests").bodyAsJsonObject();
        assertThat(failed.getString("state")).isEqualTo("dead");
        assertThat(endpoint().getString("nextTrialAt")).isEqualTo(open.getString("nextTrialAt"));
        var again = "/api/v1/deliveries/" + failed.getString("id");
        assertThat(desk.post(again + "/redeliveries").statusCode()).isEqualTo(202);
        until(PATIENCE, () -> desk.api.json(again).getJsonArray("tries").size() == 2);

        status = 200;
        assertThat(desk.post(ENDPOINTS + "/" + id + "/tests").bodyAsJsonObject().getString("state"))
                .isEqualTo("delivered");
        until(PATIENCE, () -> deliveries("?state=delivered").size() == MESSAGES + 1);
        assertThat(endpoint().getMap())
                .containsEntry("failures", 0)
                .containsEntry("failingSince", null)
                .containsEntry("nextTrialAt", null);
    }

    @Test
    @DisplayName(
            "A-04: an endpoint that took nothing for 24 h is switched off as one that is gone; a person switches it on")
    void isSwitchedOffAfterADay() throws Exception {
        var told = new ChannelReceiver(desk.vertx, EndpointKind.TEAMS);
        desk.add("told", EndpointKind.TEAMS, told.address());
        var mute = desk.add("mute", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1")
                .getString("id");
        desk.sql("UPDATE alert_endpoint SET failures = 5, failing_since = now(), trial_at = now() + interval '1 hour'"
                + " WHERE name = 'mute'");
        desk.put(id, new JsonObject().put("name", "flaky").put("ownerEndpointId", mute));
        untilAsserted(PATIENCE, () -> {
            desk.sql("UPDATE alert_delivery SET next_attempt_at = now() WHERE state = 'pending'");
            assertThat(endpoint().getString("nextTrialAt")).isNotNull();
        });
        failedFor("23 hours 50 minutes");
        until(PATIENCE, () -> endpoint().getInteger("failures") == 6);
        assertThat(endpoint().getString("state")).isEqualTo("active");
        failedFor("24 hours");
        until(PATIENCE, () -> endpoint().getString("state").equals("disabled"));
        assertThat(endpoint().getString("disabledReason")).isEqualTo("the endpoint took nothing for 24 hours");
        assertThat(deliveries("?state=dead&endpointId=" + id)).hasSize(MESSAGES);
        until(
                PATIENCE,
                () -> told.taken.stream()
                        .anyMatch(taken -> taken.body()
                                .contains("flaky took nothing for 24 hours and is told nothing more; " + MESSAGES)));

        status = 200;
        var on = desk.post(ENDPOINTS + "/" + id + "/activations");
        assertThat(on.bodyAsJsonObject().getString("state")).isEqualTo("active");
        assertThat(desk.post(ENDPOINTS + "/" + id + "/activations").statusCode())
                .isEqualTo(409);
        assertThat(audited()).containsSubsequence("webhook-switched-on", "webhook-switched-off by the system");
        desk.happen("alert:later");
        until(PATIENCE, () -> deliveries("?state=delivered&endpointId=" + id).size() == 1);
    }

    @Test
    void staysOnForEverWhereNobodyElseCouldBeTold() throws Exception {
        failedFor("3 days");
        until(PATIENCE, () -> endpoint().getInteger("failures") == 6);
        assertThat(endpoint().getString("state")).isEqualTo("active");
        assertThat(deliveries("?state=pending")).hasSize(MESSAGES);
    }

    private void failedFor(String time) throws Exception {
        desk.sql("UPDATE alert_endpoint SET failing_since = now() - interval '" + time + "', trial_at = now()"
                + " WHERE name = 'flaky'");
        desk.sql("UPDATE alert_delivery SET next_attempt_at = now() WHERE state = 'pending' AND endpoint_id = " + id);
    }

    private JsonObject endpoint() throws Exception {
        return desk.api.json(ENDPOINTS + "/" + id);
    }

    private static OffsetDateTime time(JsonObject of, String field) {
        return OffsetDateTime.parse(of.getString(field));
    }

    private List<String> audited() throws Exception {
        return desk.api.json("/api/v1/audit").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .map(item ->
                        item.getString("action") + (item.getString("actor").equals("system") ? " by the system" : ""))
                .toList();
    }

    private List<JsonObject> deliveries(String query) throws Exception {
        return desk.api.json("/api/v1/deliveries" + query).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }
}
