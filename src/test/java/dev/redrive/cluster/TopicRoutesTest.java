package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicRoutesTest {

    private static final String PATH = "/api/v1/topics/orders-dlt";

    private ApiServer api;

    @BeforeEach
    void open() throws Exception {
        api = ApiServer.open();
        ApiServer.await(api.pool().query("""
                        WITH met AS (INSERT INTO cluster (kafka_id, name) VALUES ('k', 'default'), ('l', 'second') RETURNING id, name)
                        INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
                        SELECT id, 'orders-dlt', gen_random_uuid() FROM met WHERE name = 'default'
                        UNION ALL SELECT id, 'both-dlt', gen_random_uuid() FROM met""").execute());
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private io.vertx.ext.web.client.HttpResponse<io.vertx.core.buffer.Buffer> patch(JsonObject body, String etag)
            throws Exception {
        return api.send(HttpMethod.PATCH, PATH, body.toBuffer(), "Content-Type", "application/json", "If-Match", etag);
    }

    @Test
    void pausesAndResumesOnceForEachVersion() throws Exception {
        var before = api.get(PATH);
        assertThat(before.getHeader("ETag")).isEqualTo("\"v0\"");
        assertThat(before.bodyAsJsonObject().getValue("paused")).isNull();

        var paused = patch(new JsonObject().put("paused", true).put("reason", "deploy"), "\"v0\"");
        assertThat(paused.statusCode()).isEqualTo(200);
        assertThat(paused.bodyAsJsonObject().getJsonObject("paused").getString("reason"))
                .isEqualTo("deploy");
        assertThat(patch(new JsonObject().put("paused", false), "\"v0\"").statusCode())
                .isEqualTo(412);
        var resumed = patch(new JsonObject().put("paused", false), paused.getHeader("ETag"));
        assertThat(resumed.bodyAsJsonObject().getValue("paused")).isNull();
        assertThat(resumed.getHeader("ETag")).isEqualTo("\"v2\"");

        var audit = api.json("/api/v1/audit").getJsonArray("items");
        assertThat(audit.stream().map(entry -> ((JsonObject) entry).getString("action")))
                .containsExactly("ingest-resumed", "ingest-paused");
        assertThat(audit.getJsonObject(1).getString("object")).isEqualTo(PATH);
    }

    @Test
    void refusesAPauseThatDoesNotSayWhatItSaw() throws Exception {
        var refused = api.send(
                HttpMethod.PATCH,
                PATH,
                new JsonObject().put("paused", true).toBuffer(),
                "Content-Type",
                "application/json");
        assertThat(refused.statusCode()).isEqualTo(428);
    }

    @Test
    void asksWhichClusterIsMeantWhereTwoHaveTheTopic() throws Exception {
        assertThat(api.get("/api/v1/topics/both-dlt").statusCode()).isEqualTo(400);
        assertThat(api.json("/api/v1/topics/both-dlt?cluster=second").getString("cluster"))
                .isEqualTo("second");
        assertThat(api.get("/api/v1/topics/absent-dlt").statusCode()).isEqualTo(404);
    }
}
