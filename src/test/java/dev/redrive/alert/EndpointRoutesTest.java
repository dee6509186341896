package dev.redrive.alert;

import static dev.redrive.alert.EndpointDesk.ENDPOINTS;
import static dev.redrive.alert.EndpointDesk.KEY;
import static dev.redrive.testkit.Eventually.until;
import static dev.redrive.testkit.Eventually.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.redrive.http.ApiServer;
import dev.redrive.ingest.BulkLoader;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EndpointRoutesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Read by ui/tests/unit/webhook.spec.ts, which verifies them as a receiver in Node does. */
    private static final Path SIGNED = Path.of("target/signed-deliveries.ndjson");

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
    void tellsAnEndpointAsSoonAsItIsAddedAndNoMoreWhenItIsRemoved() throws Exception {
        var receiver = new ChannelReceiver(desk.vertx, EndpointKind.PAGERDUTY);
        var added = desk.add("on call", EndpointKind.PAGERDUTY, receiver.address());
        assertThat(added.getString("addressHint")).isEqualTo("http://127.0.0.1:" + receiver.port() + "/…");
        assertThat(added.encode()).doesNotContain("R0123456789ABCDEF").doesNotContain("\"secret\"");
        desk.happen("alert:1");
        until(PATIENCE, () -> receiver.taken.size() == 1);
        var path = ENDPOINTS + "/" + added.getString("id");
        until(PATIENCE, () -> desk.api.json(path).getString("lastDeliveredAt") != null);
        assertThat(desk.api.send(HttpMethod.DELETE, path, null).statusCode()).isEqualTo(428);
        assertThat(desk.api
                        .send(HttpMethod.DELETE, path, null, "If-Match", "\"v1\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(desk.api.get(path).statusCode()).isEqualTo(404);
        desk.happen("alert:2");
        assertThat(deliveries("")).hasSize(1);
        assertThat(desk.add("on call", EndpointKind.PAGERDUTY, receiver.address())
                        .getString("id"))
                .isNotEqualTo(added.getString("id"));
    }

    @Test
    @DisplayName("S-61: no address and no secret in the database, the audit or any answer")
    void keepsAddressesSealed() throws Exception {
        var receiver = new ChannelReceiver(desk.vertx, EndpointKind.SLACK);
        var added = desk.add("chat", EndpointKind.SLACK, receiver.address());
        desk.put(added.getString("id"), new JsonObject().put("name", "chat 2"));
        var rows = desk.api
                .pool()
                .query("SELECT e::text FROM alert_endpoint e UNION ALL SELECT a::text FROM audit_event a")
                .execute()
                .await();
        var all = new StringBuilder(desk.api.get(ENDPOINTS).bodyAsString());
        rows.forEach(row -> all.append(row.getString(0)));
        assertThat(all.toString())
                .contains("chat 2")
                .doesNotContain("services/T0")
                .doesNotContain("T0/B0");
        assertThat(desk.api.json("/api/v1/audit").getJsonArray("items").stream()
                        .map(item -> ((JsonObject) item).getString("action")))
                .containsExactly("webhook-changed", "webhook-added");
    }

    @Test
    void opensNoAddressThatWasMovedFromAnotherRow() throws Exception {
        var receiver = new ChannelReceiver(desk.vertx, EndpointKind.TEAMS);
        desk.add("mine", EndpointKind.TEAMS, receiver.address());
        var other =
                desk.add("other", EndpointKind.TEAMS, "http://127.0.0.1:1/x").getString("id");
        desk.sql("UPDATE alert_endpoint SET version = version + 1, sealed_address ="
                + " (SELECT sealed_address FROM alert_endpoint WHERE name = 'mine') WHERE name = 'other'");
        untilAsserted(
                PATIENCE,
                () -> assertThat(desk.api.json(ENDPOINTS + "/" + other).getString("lastError"))
                        .isEqualTo("It was sealed with another REDRIVE_SECRETS_KEY"));
    }

    @Test
    @DisplayName("S-82: during a rotation both secrets verify a message, and an altered byte verifies with none")
    void signsWithBothSecretsForADay() throws Exception {
        var posts = new CopyOnWriteArrayList<Map<String, List<String>>>();
        var bodies = new CopyOnWriteArrayList<String>();
        var server = desk.vertx
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    bodies.add(body.toString());
                    posts.add(Map.of(
                            "webhook-id", request.headers().getAll("webhook-id"),
                            "webhook-timestamp", request.headers().getAll("webhook-timestamp"),
                            "webhook-signature", request.headers().getAll("webhook-signature")));
                    request.response().end();
                }))
                .listen(0, "127.0.0.1")
                .await();
        var added = desk.add("hook ‹ü›", EndpointKind.WEBHOOK, "http://127.0.0.1:" + server.actualPort() + "/");
        var path = ENDPOINTS + "/" + added.getString("id");
        assertThat(desk.post(path + "/tests").bodyAsJsonObject().getString("state"))
                .isEqualTo("delivered");
        var secret = added.getString("secret");
        var plain = signed(posts.remove(0), bodies.remove(0), secret);
        var rotated = desk.post(path + "/secret-rotations");
        assertThat(rotated.statusCode()).isEqualTo(201);
        assertThat(desk.post(path + "/tests").bodyAsJsonObject().getString("state"))
                .isEqualTo("delivered");
        var fresh = rotated.bodyAsJsonObject().getString("secret");
        new Webhook(fresh).verify(bodies.get(0), posts.get(0));
        new Webhook(secret).verify(bodies.get(0), posts.get(0));
        Files.createDirectories(SIGNED.getParent());
        Files.writeString(SIGNED, plain + "\n" + signed(posts.get(0), bodies.get(0), fresh, secret) + "\n");
        assertThatThrownBy(() -> new Webhook(fresh).verify(bodies.get(0) + " ", posts.get(0)));
        desk.sql("UPDATE alert_endpoint SET old_secret_until = now() - interval '1 second'");
        untilAsserted(PATIENCE, () -> {
            posts.clear();
            desk.post(path + "/tests");
            var signatures = posts.get(0).getOrDefault("webhook-signature", List.of());
            assertThat(String.join(" ", signatures).split(" ")).hasSize(1);
        });
    }

    @Test
    @DisplayName("A-19: a payload that the rule shows reaches the endpoint that allows it, and no other")
    void showsAPayloadOnlyWhereBothAllowIt() throws Exception {
        var sees = new ChannelReceiver(desk.vertx, EndpointKind.ALERTMANAGER);
        var blind = new ChannelReceiver(desk.vertx, EndpointKind.ALERTMANAGER);
        desk.add("sees", EndpointKind.ALERTMANAGER, sees.address());
        desk.add("does not", EndpointKind.ALERTMANAGER, blind.address());
        desk.sql("UPDATE alert_endpoint SET allows_payload = true, version = version + 1 WHERE name = 'sees'");
        desk.sql("UPDATE alert_rule SET group_wait_seconds = 0, show_payload = true WHERE condition = 'new-group'");
        new BulkLoader(
                        desk.api.pool(),
                        "kafka-1",
                        "main",
                        new NewGroupAlert(new Links(OutboxRows.PUBLIC_URL), Clock.systemUTC()))
                .load(List.of(
                        RuleDesk.record("orders-dlt", 0, "java.lang.IllegalStateException", "m", "{\"total\": 4711}")));
        until(PATIENCE, () -> sees.taken.size() == 1 && blind.taken.size() == 1);
        assertThat(sees.taken.get(0).body()).contains("total").contains("4711");
        assertThat(blind.taken.get(0).body()).contains("IllegalStateException").doesNotContain("4711");
    }

    /** For the reference library in Node. */
    private static String signed(Map<String, List<String>> headers, String body, String... secrets) {
        var sent = new JsonObject();
        headers.forEach((name, values) -> sent.put(name, values.get(0)));
        return new JsonObject()
                .put("headers", sent)
                .put("body", body)
                .put("secrets", new JsonArray(List.of((Object[]) secrets)))
                .encode();
    }

    @Test
    void sendsATestByTheWayThatAlertsTake() throws Exception {
        var receiver = new ChannelReceiver(desk.vertx, EndpointKind.ALERTMANAGER);
        var good = desk.add("am", EndpointKind.ALERTMANAGER, receiver.address());
        var test = desk.post(ENDPOINTS + "/" + good.getString("id") + "/tests").bodyAsJsonObject();
        assertThat(test.getString("state")).isEqualTo("delivered");
        assertThat(test.getInteger("lastStatus")).isEqualTo(200);
        assertThat(test.getString("body")).contains("Test of am");
        assertThat(test.getJsonArray("tries")).hasSize(1);
        var bad = desk.add("gone", EndpointKind.ALERTMANAGER, "http://127.0.0.1:1");
        var failed = desk.post(ENDPOINTS + "/" + bad.getString("id") + "/tests").bodyAsJsonObject();
        assertThat(failed.getString("state")).isEqualTo("dead");
        assertThat(failed.getString("lastError")).isEqualTo("connection refused");
        assertThat(receiver.taken).hasSize(1);
        assertThat(desk.metrics
                        .get("redrive.alert.deliveries")
                        .tags("webhook", "am", "result", "delivered")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusesAddressesThatItMustNotGoTo() throws Exception {
        var refused = desk.make(EndpointDesk.endpoint("a", EndpointKind.WEBHOOK, "https://169.254.169.254/latest"));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject().getString("detail")).contains("private or local address");
        var unreadable = desk.make(EndpointDesk.endpoint("a", EndpointKind.MAIL, "smtp://mail.example"));
        assertThat(unreadable.statusCode()).isEqualTo(422);
        assertThat(desk.make(EndpointDesk.endpoint("a\nb", EndpointKind.SLACK, "https://x.example/"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(desk.api.json(ENDPOINTS).getJsonArray("items")).isEmpty();
    }

    @Test
    void addsOneEndpointForOneKeyAndTellsItsSecretAgainWithoutKeepingItInClear() throws Exception {
        var endpoint = EndpointDesk.endpoint("once", EndpointKind.WEBHOOK, "https://127.0.0.1:1/");
        var first = desk.make(endpoint, "add-1");
        assertThat(first.statusCode()).as(first.bodyAsString()).isEqualTo(201);
        var secret = first.bodyAsJsonObject().getString("secret");
        assertThat(secret).startsWith("whsec_");
        var again = desk.make(endpoint, "add-1");
        assertThat(again.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.getHeader("ETag")).isEqualTo(first.getHeader("ETag"));
        assertThat(again.bodyAsJsonObject()).isEqualTo(first.bodyAsJsonObject());
        assertThat(desk.api.json(ENDPOINTS).getJsonArray("items")).hasSize(1);
        var kept = ApiServer.await(
                desk.api.pool().query("SELECT reply FROM idempotency_key").execute());
        assertThat(kept.iterator().next().getString("reply"))
                .doesNotContain("whsec_")
                .doesNotContain(secret.substring(6));
        assertThat(desk.api.post(ENDPOINTS, endpoint).bodyAsJsonObject().getString("code"))
                .isEqualTo("idempotency-key-missing");
    }

    @Test
    void addsNothingWithoutAKey() throws Exception {
        try (var keyless = new EndpointDesk(null)) {
            var refused = keyless.make(EndpointDesk.endpoint("a", EndpointKind.SLACK, "http://127.0.0.1:1/"));
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("secrets-key-missing");
        }
    }

    @Test
    void writesNothingForAnEndpointThatWasSwitchedOff() throws Exception {
        var id = desk.add("quiet", EndpointKind.SLACK, "http://127.0.0.1:1/").getString("id");
        var off = desk.put(id, new JsonObject().put("name", "quiet").put("enabled", false));
        assertThat(off.bodyAsJsonObject().getString("disabledReason")).isEqualTo("switched off");
        desk.happen("alert:1");
        assertThat(deliveries("")).isEmpty();
        assertThat(desk.post(ENDPOINTS + "/" + id + "/tests").statusCode()).isEqualTo(409);
    }

    private List<JsonObject> deliveries(String query) throws Exception {
        return desk.api.json("/api/v1/deliveries" + query).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }
}
