package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
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
    void saysHowATopicIsMadeWhoReadsItAndWhatCameToItToday() throws Exception {
        ApiServer.await(api.pool().query("""
                        WITH main AS (INSERT INTO cluster (kafka_id, name) VALUES ('kafka-1', 'main') RETURNING id)
                        INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
                        SELECT id, 'paid-dlt', gen_random_uuid() FROM main""").execute());
        var letters = new StoredLetters(api.pool());
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        for (int hours : List.of(0, 23, 25)) {
            letters.add(StoredLetters.sample().withTopic("paid-dlt").withFailedAt(now.minusHours(hours)));
        }
        ApiServer.await(api.pool().query("""
                        WITH main AS (SELECT id FROM cluster WHERE name = 'main')
                        INSERT INTO topic_shape SELECT id, 'paid-dlt', t.topic_id, 1, 2, 259200000, NULL, 'delete', now()
                          FROM main JOIN LATERAL (SELECT topic_id FROM dead_letter_topic
                            WHERE name = 'paid-dlt' ORDER BY id DESC LIMIT 1) AS t ON true
                        UNION ALL SELECT id, 'orders', gen_random_uuid(), 6, 3, -1, -1, 'compact', now() FROM main""").execute());
        ApiServer.await(api.pool().query("""
                        INSERT INTO consumer_lag SELECT c.id, g.name, 'paid-dlt', g.place, 0, g.lag, g.lag, g.status, now(), now(), NULL, now()
                        FROM cluster c, (VALUES ('audit', 0, 2, 'stop'), ('audit', 1, 5, 'ok'), ('redrive', 0, 0, 'ok'))
                          AS g (name, place, lag, status) WHERE c.name = 'main'""").execute());

        ApiServer.await(api.pool().query("""
                        INSERT INTO topic_expiry SELECT id, 'paid-dlt', 0, 3, now(), 40, NULL, now()
                        FROM cluster WHERE name = 'main'""").execute());

        var body = api.json("/api/v1/topics");
        assertThat(body.getJsonArray("findings").stream().map(found -> ((JsonObject) found).getString("id")))
                .as("nobody is told of any topic, which is said once")
                .containsExactly("alert");
        var topics = body.getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(topic -> topic.getString("name").equals("paid-dlt"))
                .toList();
        assertThat(topics).hasSize(2);
        var topic = topics.get(0);
        var gone = topics.get(1);
        assertThat(topic.getBoolean("madeAgain")).isFalse();
        assertThat(gone.getBoolean("madeAgain")).isTrue();
        assertThat(gone.getValue("shape")).as("of another incarnation").isNull();
        assertThat(gone.getJsonObject("consumerGroups").getInteger("total")).isZero();
        assertThat(topic.getJsonObject("expiry").getInteger("timePercent")).isEqualTo(40);
        assertThat(gone.getValue("expiry")).as("nothing of it waits").isNull();
        var readers = topic.getJsonObject("consumerGroups");
        assertThat(readers.getInteger("total")).isEqualTo(2);
        assertThat(readers.getJsonArray("items").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("group", "audit")
                        .putNull("type")
                        .put("state", "stop")
                        .put("lag", 7));
        assertThat(topic.getJsonObject("shape").getInteger("partitions")).isEqualTo(1);
        assertThat(topic.getJsonObject("shape").getInteger("originPartitions")).isEqualTo(6);
        assertThat(topic.getJsonObject("shape").getInteger("replicationFactor")).isEqualTo(2);
        assertThat(topic.getJsonObject("shape").getLong("retentionMs")).isEqualTo(259_200_000);
        assertThat(topic.getJsonObject("shape").getValue("retentionBytes")).isNull();
        var hours = topic.getJsonObject("lastDay").getJsonArray("hours");
        assertThat(topic.getJsonObject("lastDay").getLong("letters")).isEqualTo(2);
        assertThat(hours.getLong(23)).isEqualTo(1);
        assertThat(hours.getLong(0)).isEqualTo(1);
        assertThat(gone.getJsonObject("lastDay").getLong("letters")).isZero();
        assertThat(api.json("/api/v1/topics/paid-dlt").getJsonObject("consumerGroups"))
                .isEqualTo(readers);
    }

    @Test
    void showsNoReadinessOfATopicOnAnotherOneOfItsName() throws Exception {
        ApiServer.await(api.pool().query("""
                        INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
                        SELECT id, 'orders-dlt', gen_random_uuid() FROM cluster WHERE name = 'default'""").execute());
        var rows = ApiServer.await(new TopicStore(api.pool()).topics("orders-dlt", "default"));
        var present = rows.get(0).getUUID("topic_id");
        var measured = new JsonObject().put("fail", 3);
        ReadinessLookup lately = (cluster, topic, id) -> id.equals(present) ? measured : null;
        var items = ApiServer.await(new TopicListing(api.pool(), List::of, lately).of(rows, "orders-dlt"));
        assertThat(items).extracting(item -> item.getValue("readiness")).containsExactly(measured, null);
    }

    @Test
    void asksWhichClusterIsMeantWhereTwoHaveTheTopic() throws Exception {
        assertThat(api.get("/api/v1/topics/both-dlt").statusCode()).isEqualTo(400);
        assertThat(api.json("/api/v1/topics/both-dlt?cluster=second").getString("cluster"))
                .isEqualTo("second");
        assertThat(api.get("/api/v1/topics/absent-dlt").statusCode()).isEqualTo(404);
    }
}
