package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of the letters of a job that went wrong: found again, and taken up by another job. */
class ReplayRetryTest {

    private ReplayJobDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new ReplayJobDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private List<Long> letters(String topic, int count) {
        return desk.rig.letters.addAll(IntStream.range(0, count)
                .mapToObj(i -> new Letter(topic).content("k" + i, "n" + i).origin(0, (long) i))
                .toList());
    }

    private List<String> values(String topic) {
        return desk.rig.topics().read(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private HttpResponse<Buffer> retry(JsonObject job, JsonObject body) throws Exception {
        return desk.api.post(
                "/api/v1/jobs/" + job.getString("id") + "/retries",
                body,
                "Idempotency-Key",
                UUID.randomUUID().toString());
    }

    private static JsonObject accepted(HttpResponse<Buffer> answer) {
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
        return answer.bodyAsJsonObject();
    }

    private static long counted(JsonObject job, String name) {
        return job.getJsonObject("counters").getLong(name);
    }

    /** @return the job, ended, with its first two letters refused by their target */
    private JsonObject twoOfFiveFail(String topic) throws Exception {
        var ids = letters(topic, 5);
        // Every origin time is of 2023, which the topic refuses; so only these two keep it.
        for (var id : ids.subList(0, 2)) {
            desk.rig.execute(
                    "INSERT INTO draft (letter_id, version, headers, content_hash, author, key, value, timestamp_policy) "
                            + "SELECT id, 1, headers, content_hash, 'ana', key, value, 'original' FROM dead_letter WHERE id = $1",
                    id);
        }
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("drafts", "send"));
        var early = retry(ordered, new JsonObject());
        assertThat(early.statusCode()).as("while it runs").isEqualTo(409);
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(counted(ended, "failed")).as(ended.encode()).isEqualTo(2);
        return ended;
    }

    @Test
    @DisplayName("Failures are found by outcome:failed and tried again as a new job; two retries send no letter twice")
    void triesFailuresAgainAsANewJobAndNeverTwice() throws Exception {
        var topic = desk.rig.topic(1, Map.of("message.timestamp.before.max.ms", "3600000"));
        var first = twoOfFiveFail(topic);
        assertThat(first.getJsonArray("allowedActions")).contains("retry");
        assertThat(desk.select("outcome:failed is:open").getJsonObject("count").getInteger("value"))
                .isEqualTo(2);
        assertThat(desk.select("outcome:sent,recovered").getJsonObject("count").getInteger("value"))
                .isEqualTo(3);
        assertThat(retry(first, new JsonObject().put("results", new JsonArray().add("returned")))
                        .statusCode())
                .as("none came back")
                .isEqualTo(409);
        assertThat(retry(first, new JsonObject().put("results", new JsonArray().add("skipped")))
                        .statusCode())
                .isEqualTo(400);
        var otherwise = new JsonObject().put("options", new JsonObject().put("drafts", "ignore"));
        var one = accepted(retry(first, otherwise));
        var two = accepted(retry(first, otherwise.copy().put("reason", "again")));
        assertThat(one.getString("retryOf")).isEqualTo(first.getString("id"));
        assertThat(one.getJsonArray("retryResults")).containsExactly("failed");
        assertThat(one.getString("reason")).isEqualTo("INC-4711");
        assertThat(counted(one, "total")).isEqualTo(2);
        assertThat(one.getJsonObject("options").getString("drafts")).isEqualTo("ignore");
        assertThat(two.getString("reason")).isEqualTo("again");
        assertThat(counted(desk.ended(one), "sent") + counted(desk.ended(two), "sent"))
                .isEqualTo(2);
        assertThat(values(topic)).containsExactlyInAnyOrder("n0", "n1", "n2", "n3", "n4");
        assertThat(desk.job(first).getJsonArray("retriedBy")).containsExactly(one.getString("id"), two.getString("id"));
        assertThat(desk.count("audit_event WHERE action = 'job-created'")).isEqualTo(3);
        assertThat(desk.select("outcome:failed").getJsonObject("count").getInteger("value"))
                .as("their last replay went well")
                .isZero();
    }

    @Test
    @DisplayName("Of what came back the new letters are taken up; what is uncertain is left to a person")
    void takesUpWhatCameBackAndLeavesOutWhatIsUncertain() throws Exception {
        var topic = desk.rig.topic(1);
        letters(topic, 3);
        var first = desk.order(desk.select("is:open"), new JsonObject());
        desk.work().serve();
        desk.ended(first);
        var sent = desk.items(first, "sent");
        long back = desk.rig.letters.add(new Letter(topic)
                .content("k0", "back")
                .replayOf(UUID.fromString(sent.get(0).getString("replayId"))));
        desk.rig.execute(
                "UPDATE replay SET state = 'uncertain', outcome = 'uncertain' WHERE id = $1",
                UUID.fromString(sent.get(1).getString("replayId")));
        long uncertain = Long.parseLong(sent.get(1).getString("letterId"));
        desk.rig.execute("UPDATE letter_state SET status = 'replaying' WHERE letter_id = $1", uncertain);
        desk.await(first, "one to come back", job -> counted(job, "returned") == 1);
        var results = new JsonArray().add("returned").add("uncertain");
        var second = desk.ended(accepted(retry(first, new JsonObject().put("results", results))));
        assertThat(counted(second, "total")).isEqualTo(2);
        assertThat(counted(second, "sent")).as(second.encode()).isEqualTo(1);
        assertThat(desk.items(second, "skipped"))
                .singleElement()
                .satisfies(item -> assertThat(item.getString("letterId") + " " + item.getString("detail"))
                        .isEqualTo(uncertain + " is uncertain: first decide whether it was sent"));
        assertThat(values(topic)).hasSize(4).endsWith("back");
        assertThat(desk.rig.statusOf(back)).isEqualTo("replayed");
    }
}
