package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.http.Idempotency;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LaneRoutesTest {

    private static ApiServer api;

    @BeforeAll
    static void open() throws Exception {
        api = ApiServer.with(
                pool -> new LaneRoutes(new LaneDeskStore(pool), new AuditStore(pool), new Idempotency(pool)));
        ApiServer.await(api.pool().query("""
                WITH met AS (INSERT INTO cluster (kafka_id, name) VALUES ('k', 'default'), ('l', 'second') RETURNING id, name)
                INSERT INTO replay_lane (cluster_id, lane, lease_until, mode, health, health_detail,
                  receipts_topic_id, receipts_next_offset)
                SELECT id, lane, now(), 'strict', CASE WHEN lane = 1 THEN 'hold' ELSE 'serving' END,
                  CASE WHEN lane = 1 THEN 'The receipts are gone' END, gen_random_uuid(), 7
                FROM met, generate_series(0, 1) AS lane WHERE name = 'default' OR lane = 0""").execute());
    }

    @AfterAll
    static void close() throws Exception {
        api.close();
    }

    private static HttpResponse<Buffer> reset(String lane) throws Exception {
        return api.send(
                HttpMethod.POST,
                "/api/v1/lanes/" + lane,
                new JsonObject().put("reason", "looked at it").toBuffer(),
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                UUID.randomUUID().toString());
    }

    @Test
    void resetsALaneOnHoldOnceAndSaysWhoDid() throws Exception {
        var held =
                api.json("/api/v1/lanes?cluster=default").getJsonArray("items").getJsonObject(1);
        assertThat(held.getString("health")).isEqualTo("hold");
        assertThat(held.getString("detail")).isEqualTo("The receipts are gone");
        assertThat(held.getBoolean("owned")).isFalse();

        var reset = reset("1/resets");
        assertThat(reset.statusCode()).isEqualTo(200);
        assertThat(reset.bodyAsJsonObject().getString("health")).isEqualTo("starting");
        assertThat(reset("1/resets").statusCode()).isEqualTo(409);

        var audit = api.json("/api/v1/audit?action=lane-reset").getJsonArray("items");
        assertThat(audit).hasSize(1);
        assertThat(audit.getJsonObject(0).getString("reason")).isEqualTo("looked at it");
    }

    @Test
    void asksWhichClusterIsMeantAndResetsNothingThatIsNotOnHold() throws Exception {
        assertThat(reset("0/resets").statusCode()).isEqualTo(400);
        assertThat(reset("0/resets?cluster=second").statusCode()).isEqualTo(409);
        assertThat(reset("7/resets").statusCode()).isEqualTo(404);
        assertThat(api.json("/api/v1/lanes").getJsonArray("items")).hasSize(3);
    }
}
