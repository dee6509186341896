package dev.redrive.job;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.retention.Retention;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PurgeTest {

    private static final JsonObject NONE = new JsonObject();
    private static final JsonObject AT_ONCE = new JsonObject().put("delay", "PT0S");

    private JobDesk desk;
    private long letter;
    private JsonObject meant;

    @BeforeEach
    void store() throws Exception {
        desk = new JobDesk(Retention.work());
        letter = desk.letters.add(sample());
        meant = only(letter);
        desk.work();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static JsonObject only(long id) {
        return new JsonObject().put("ids", new JsonArray().add(Long.toString(id)));
    }

    private HttpResponse<Buffer> ordered(JsonObject options) throws Exception {
        return desk.api.post(
                "/api/v1/jobs",
                new JsonObject()
                        .put("type", "purge")
                        .put("selectionId", desk.select(meant).getString("id"))
                        .put("expectedCount", 1)
                        .put("reason", "GDPR-12")
                        .put("options", options),
                "Idempotency-Key",
                UUID.randomUUID().toString());
    }

    private JsonObject finished(JsonObject job) throws Exception {
        return desk.api
                .get("/api/v1/jobs/" + job.getString("id"), "Prefer", "wait=15")
                .bodyAsJsonObject();
    }

    private void sql(String sql, Object... values) throws Exception {
        ApiServer.await(desk.api.pool().preparedQuery(sql).execute(Tuple.from(values)));
    }

    private boolean holdsBytes() throws Exception {
        return ManyLetters.count(desk.api.pool(), "dead_letter WHERE value IS NOT NULL AND id = " + letter) == 1;
    }

    private List<String> leftOut(JsonObject job) throws Exception {
        return desk
                .api
                .json("/api/v1/jobs/" + job.getString("id") + "/items?result=skipped")
                .getJsonArray("items")
                .stream()
                .map(item -> ((JsonObject) item).getString("detail"))
                .toList();
    }

    @Test
    @DisplayName(
            "L-36: discard, undo, discard, purge: cancelled within its delay nothing is gone; after it the bytes are")
    void purgesAfterItsDelayAlone() throws Exception {
        var first = desk.run("discard", desk.select(meant), NONE);
        desk.undo(first);
        desk.run("discard", desk.select(meant), NONE);

        var job = ordered(NONE).bodyAsJsonObject();
        assertThat(job.getString("state")).isEqualTo("scheduled");
        assertThat(job.getBoolean("undoable")).isFalse();
        assertThat(job.getJsonArray("allowedActions")).contains("cancel");
        assertThat(Duration.between(
                        OffsetDateTime.parse(job.getString("createdAt")),
                        OffsetDateTime.parse(job.getString("notBefore"))))
                .isEqualTo(Duration.ofHours(1));
        var cancelled = desk.api.post(
                "/api/v1/jobs/" + job.getString("id") + "/cancellations", new JsonObject().put("reason", "wrong one"));
        assertThat(cancelled.bodyAsJsonObject().getString("state")).isEqualTo("cancelled");
        sql("UPDATE job SET not_before = now() - interval '1 s'");
        // Another job that is done proves that the engine has passed the cancelled one by.
        desk.run("tag", desk.select(meant), new JsonObject().put("add", new JsonArray().add("seen")));
        assertThat(holdsBytes()).isTrue();

        var again = ordered(new JsonObject().put("delay", "P30D")).bodyAsJsonObject();
        assertThat(again.getString("state")).isEqualTo("scheduled");
        sql("UPDATE job SET not_before = now() WHERE state = 'scheduled'");
        assertThat(finished(again).getString("state")).isEqualTo("succeeded");
        assertThat(holdsBytes()).isFalse();
        var refused = desk.undo(again);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("detail")).contains("cannot be undone");

        assertThat(desk.history(letter))
                .containsExactly("stored", "discarded", "undone", "discarded", "tagged", "purged");
        var audit = desk.api.json("/api/v1/audit?limit=50").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
        assertThat(audit)
                .filteredOn(event -> event.getString("action").equals("job-created"))
                .hasSize(6);
        assertThat(audit)
                .filteredOn(event -> event.getString("action").equals("job-cancelled"))
                .hasSize(1);
        assertThat(audit).allSatisfy(event -> {
            assertThat(event.getString("actor")).isNotBlank();
            assertThat(event.getString("at")).isNotBlank();
            assertThat(event.getString("reason")).isNotBlank();
            assertThat(event.getJsonObject("details").getString("type")).isNotBlank();
        });
    }

    @Test
    void refusesADelayThatIsNone() throws Exception {
        for (var delay : List.of("P31D", "-PT1S", "soon", "")) {
            var refused = ordered(new JsonObject().put("delay", delay));
            assertThat(refused.statusCode()).as(delay).isEqualTo(400);
            assertThat(pointer(refused)).isEqualTo("/options/delay");
        }
        assertThat(pointer(ordered(AT_ONCE.copy().put("notBefore", "2026-11-23T02:00:00Z"))))
                .isEqualTo("/options/delay");
        for (var never : List.of("2999-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z")) {
            assertThat(pointer(ordered(new JsonObject().put("notBefore", never))))
                    .isEqualTo("/options/notBefore");
        }
        assertThat(pointer(ordered(new JsonObject().put("includeOpen", "yes")))).isEqualTo("/options/includeOpen");
        assertThat(pointer(ordered(new JsonObject().put("force", true)))).isEqualTo("/options/force");
    }

    private static String pointer(HttpResponse<Buffer> refused) {
        return refused.bodyAsJsonObject()
                .getJsonArray("errors")
                .getJsonObject(0)
                .getString("pointer");
    }

    @Test
    void waitsAgainWhenItIsResumedBeforeItsTime() throws Exception {
        var job = ordered(NONE).bodyAsJsonObject();
        var path = "/api/v1/jobs/" + job.getString("id");
        desk.api.post(path + "/pauses", NONE);
        var resumed = desk.api.post(path + "/resumes", NONE).bodyAsJsonObject();
        assertThat(resumed.getString("state")).isEqualTo("scheduled");
        assertThat(resumed.getString("notBefore")).isEqualTo(job.getString("notBefore"));
    }

    @Test
    void leavesOpenLettersAloneUnlessItIsToldToTakeThemToo() throws Exception {
        var spared = desk.run("purge", desk.select(meant), AT_ONCE);
        assertThat(leftOut(spared)).containsExactly("is open, and the job was not told to purge open letters");
        assertThat(holdsBytes()).isTrue();
        desk.run("purge", desk.select(meant), AT_ONCE.copy().put("includeOpen", true));
        assertThat(holdsBytes()).isFalse();
        var twice = desk.run("purge", desk.select(meant), AT_ONCE.copy().put("includeOpen", true));
        assertThat(leftOut(twice)).containsExactly("is purged");
    }

    @Test
    @DisplayName("A letter that is being replayed, or of which nobody knows whether it was sent, is never purged")
    void leavesLettersAloneThatAreBeingReplayed() throws Exception {
        sql("UPDATE letter_state SET status = 'replaying'");
        var options = AT_ONCE.copy().put("includeOpen", true);
        assertThat(leftOut(desk.run("purge", desk.select(meant), options))).containsExactly("is replaying");
        sql("UPDATE letter_state SET status = 'discarded'");
        sql("""
                INSERT INTO replay (id, letter_id, source, content_hash, cluster_id, target_topic, target_topic_id,
                  partitioning, lane, state, outcome, requested_by)
                SELECT gen_random_uuid(), d.id, 'original', d.content_hash, t.cluster_id, 'orders', t.topic_id, 'key', 0,
                  'uncertain', 'uncertain', 'ana'
                FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref""");
        assertThat(leftOut(desk.run("purge", desk.select(meant), options)))
                .containsExactly("has a replay that is not settled");
        assertThat(holdsBytes()).isTrue();
    }

    @Test
    void answersForAPurgedLetterThatItsBytesAreGone() throws Exception {
        desk.run("discard", desk.select(meant), NONE);
        var before = desk.letter(letter);
        desk.run("purge", desk.select(meant), AT_ONCE);
        var path = "/api/v1/dead-letters/" + letter;
        var detail = desk.api.get(path);
        assertThat(detail.statusCode()).isEqualTo(200);
        var now = detail.bodyAsJsonObject();
        assertThat(now.getString("status")).isEqualTo("purged");
        assertThat(now.getJsonArray("allowedActions")).isEmpty();
        assertThat(now.getString("payload")).isEqualTo("absent");
        assertThat(now.getValue("key")).isNull();
        assertThat(now.getJsonArray("headers")).isEmpty();
        assertThat(now.getJsonObject("value").getBoolean("truncated")).isTrue();
        assertThat(now.getJsonObject("failure").getString("message")).isNull();
        for (var kept : List.of("position", "origin", "contentHash", "failureGroupId", "valueSize", "failedAt")) {
            assertThat(now.getValue(kept)).as(kept).isEqualTo(before.getValue(kept));
        }
        for (var part : List.of("value", "key", "header&index=0")) {
            var gone = desk.api.get(path + "/payload?part=" + part);
            assertThat(gone.statusCode()).isEqualTo(410);
            assertThat(gone.bodyAsJsonObject().getString("detail")).contains("purged");
        }
        assertThat(desk.api.send(HttpMethod.POST, path + "/restores", null).statusCode())
                .isEqualTo(409);
        assertThat(desk.api.send(HttpMethod.POST, path + "/discards", null).statusCode())
                .isEqualTo(409);
        assertThat(desk.api.json("/api/v1/dead-letters?q=is:purged").getJsonArray("items"))
                .hasSize(1);
        assertThat(desk.api.json("/api/v1/dead-letters?q=12%2C50").getJsonArray("items"))
                .isEmpty();
        assertThat(ManyLetters.count(
                        desk.api.pool(), "failure_group_counter WHERE purged = 1 AND discarded = 0 AND open = 0"))
                .isEqualTo(1);
        assertThat(leftOut(desk.run("restore", desk.select(meant), NONE))).containsExactly("is purged");
    }
}
