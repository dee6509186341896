package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A job that is held because of one failure group, and goes on without it. */
class ReplayExclusionTest {

    private ReplayJobDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new ReplayJobDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    /** Ten letters of each of two failures, by turns. */
    private String letters() {
        var topic = desk.rig.topic(1);
        var letters = new ArrayList<Letter>();
        for (int i = 0; i < 20; i++) {
            letters.add(ReplayJobDesk.letter(topic, "k" + i, i, "n" + i).failure(i % 2 == 0 ? "sick" : "well"));
        }
        desk.rig.letters.addAll(letters);
        return topic;
    }

    private String group(String failure) {
        return desk.rig
                .row("SELECT id FROM failure_group WHERE fingerprint = '" + failure + "'")
                .getLong("id")
                .toString();
    }

    private HttpResponse<Buffer> exclude(JsonObject ordered, String group, String key) throws Exception {
        return desk.api.post(
                "/api/v1/jobs/" + ordered.getString("id") + "/exclusions",
                new JsonObject().put("failureGroupId", group).put("reason", "not healed"),
                "Idempotency-Key",
                key);
    }

    private int excluded(JsonObject ordered, String group) {
        try {
            return exclude(ordered, group, UUID.randomUUID().toString()).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The first of the sick ones came back. */
    private JsonObject held(String topic, JsonObject ordered) throws Exception {
        desk.await(ordered, "the canary to be sent", job -> ReplayJobDesk.sent(job) == 2);
        var sent = desk.items(ordered, "sent");
        var first = UUID.fromString(sent.get(sent.size() - 1).getString("replayId"));
        desk.rig.letters.add(new Letter(topic).replayOf(first).failure("sick"));
        desk.commit("orders-svc", topic, 0, 1_000_000);
        return desk.paused(ordered);
    }

    @Test
    @DisplayName(
            "Of a held job the failure group that comes back is left out by one of two who ask, the others are sent")
    void goesOnWithoutTheGroupThatComesBack() throws Exception {
        var topic = letters();
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("canary", 2));
        desk.work().serve();
        var held = held(topic, ordered);
        assertThat(held.getJsonArray("allowedActions")).contains("exclude");
        var groups = desk.api
                .json("/api/v1/jobs/" + ordered.getString("id") + "/groups")
                .getJsonArray("items");
        assertThat(groups).hasSize(1);
        var sick = groups.getJsonObject(0);
        assertThat(sick.getJsonObject("failureGroup").getString("id")).isEqualTo(group("sick"));
        assertThat(List.of(sick.getLong("returned"), sick.getLong("failed"), sick.getLong("held")))
                .containsExactly(1L, 0L, 9L);
        var one = CompletableFuture.supplyAsync(() -> excluded(ordered, group("sick")));
        var other = CompletableFuture.supplyAsync(() -> excluded(ordered, group("sick")));
        assertThat(List.of(one.join(), other.join())).containsExactlyInAnyOrder(202, 409);
        var ended = desk.ended(ordered);
        var counters = ended.getJsonObject("counters");
        assertThat(List.of(counters.getLong("sent"), counters.getLong("cancelled"), counters.getLong("held")))
                .containsExactly(11L, 9L, 0L);
        var exclusion = ended.getJsonArray("exclusions").getJsonObject(0);
        assertThat(exclusion.getLong("letters")).isEqualTo(9);
        assertThat(exclusion.getBoolean("complete")).isTrue();
        assertThat(desk.rig.topics().read(topic)).hasSize(11);
        assertThat(desk.items(ordered, "cancelled"))
                .hasSize(9)
                .allMatch(item -> item.getString("detail").equals("Left out with its failure group"));
        assertThat(desk.count("letter_state WHERE status = 'open'"))
                .as("and the one that came back")
                .isEqualTo(10);
        assertThat(desk.count("audit_event WHERE action = 'job-group-excluded' AND reason = 'not healed'"
                        + " AND details ->> 'failureGroupId' = '" + group("sick") + "'"))
                .isEqualTo(1);
    }

    @Test
    void isRefusedWhereTheJobIsNotHeldOrThereIsNoSuchGroup() throws Exception {
        letters();
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("startPaused", true));
        assertThat(excluded(ordered, "999999")).isEqualTo(422);
        assertThat(desk.job(ordered).getString("state")).isEqualTo("paused");
        var key = UUID.randomUUID().toString();
        var first = exclude(ordered, group("sick"), key);
        assertThat(first.bodyAsJsonObject().getJsonArray("exclusions")).hasSize(1);
        assertThat(exclude(ordered, group("sick"), key).bodyAsString())
                .as("the same answer for whoever lost it")
                .isEqualTo(first.bodyAsString());
        var refused = exclude(ordered, group("well"), UUID.randomUUID().toString());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsString()).contains("The job is running");
        assertThat(desk.count("replay_job_exclusion")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "A process that dies while it leaves a group of 3,000 out sends none of it, and each of the others once")
    void dyingOnTheWaySendsTheOthersOnce() throws Exception {
        var topic = desk.rig.topic(1);
        long sick =
                desk.rig.letters.add(ReplayJobDesk.letter(topic, "a", 0, "sick").failure("sick"));
        desk.rig.letters.copy(sick, 2_999, 0, 2);
        long well =
                desk.rig.letters.add(ReplayJobDesk.letter(topic, "b", 1, "well").failure("well"));
        desk.rig.letters.copy(well, 99, 1, 2);
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("startPaused", true));
        assertThat(excluded(ordered, group("sick"))).isEqualTo(202);
        try (var child = ReplayJobProcess.start(desk.rig, "job.left-out:halt@2")) {
            assertThat(child.awaitExit(Duration.ofSeconds(90))).isEqualTo(137);
        }
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(ended.getString("state")).as(ended.encode()).isEqualTo("succeeded");
        assertThat(ended.getJsonArray("exclusions").getJsonObject(0).getLong("letters"))
                .isEqualTo(3_000);
        assertThat(ended.getJsonObject("counters").getLong("cancelled")).isEqualTo(3_000);
        assertThat(desk.rig.topics().read(topic))
                .hasSize(100)
                .allMatch(record -> new String(record.value()).equals("well"));
        assertThat(desk.count("letter_state WHERE status = 'open'")).isEqualTo(3_000);
    }
}
