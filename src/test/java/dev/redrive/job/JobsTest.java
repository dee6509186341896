package dev.redrive.job;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobsTest {

    private static final JsonObject NONE = new JsonObject();
    private static final JsonObject ORDERS = new JsonObject().put("q", "topic:orders-dlt");
    private static final JsonObject OPEN_ORDERS = new JsonObject().put("q", "topic:orders-dlt is:open");

    private JobDesk desk;
    private final List<Long> orders = new ArrayList<>();
    private long other;

    @BeforeEach
    void store() throws Exception {
        desk = new JobDesk();
        for (int i = 0; i < 7; i++) {
            orders.add(desk.letters.add(sample().withTopic("orders-dlt")));
        }
        other = desk.letters.add(sample().withTopic("returns-dlt"));
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static JsonObject counters(JsonObject job) {
        return job.getJsonObject("counters");
    }

    private String status(long letter) throws Exception {
        return desk.letter(letter).getString("status");
    }

    @Test
    void isSentAgainAsSoonAsItGotFurther() throws Exception {
        var path = "/api/v1/jobs/"
                + desk.order("discard", desk.select(OPEN_ORDERS), NONE)
                        .bodyAsJsonObject()
                        .getString("id");
        var etag = desk.api.get(path).getHeader("ETag");
        assertThat(desk.api.get(path, "If-None-Match", etag).statusCode()).isEqualTo(304);
        desk.api.pool().query("UPDATE job SET done = done + 1").execute().await();
        assertThat(desk.api.get(path, "If-None-Match", etag).statusCode()).isEqualTo(200);
    }

    @Test
    void discardsWhatWasSelectedAndPutsItBack() throws Exception {
        desk.work();
        var selection = desk.select(OPEN_ORDERS);
        assertThat(selection.getJsonObject("count"))
                .isEqualTo(new JsonObject().put("value", 7).put("relation", "eq"));
        assertThat(selection.getJsonArray("byTopic").getJsonObject(0).getString("topic"))
                .isEqualTo("orders-dlt");

        var job = desk.run("discard", selection, NONE);
        assertThat(job.getString("state")).isEqualTo("succeeded");
        assertThat(counters(job).getInteger("done")).isEqualTo(7);
        for (long letter : orders) {
            assertThat(status(letter)).isEqualTo("discarded");
        }
        assertThat(status(other)).isEqualTo("open");

        // One of them is restored and discarded again by somebody else, so it is not ours to put back.
        desk.api.post("/api/v1/dead-letters/" + orders.get(0) + "/restores", NONE);
        desk.api.post("/api/v1/dead-letters/" + orders.get(0) + "/discards", NONE);
        var undone = desk.undo(job).bodyAsJsonObject();
        assertThat(counters(undone).getInteger("done")).isEqualTo(6);
        assertThat(counters(undone).getInteger("skipped")).isEqualTo(1);
        assertThat(status(orders.get(0))).isEqualTo("discarded");
        assertThat(status(orders.get(6))).isEqualTo("open");
        assertThat(desk.history(orders.get(6))).containsExactly("stored", "discarded", "undone");
        assertThat(desk.undo(job).statusCode()).isEqualTo(409);
        assertThat(desk.counted("discard", "done")).isEqualTo(7 + 6);
        assertThat(desk.counted("discard", "skipped")).isEqualTo(1);
    }

    @Test
    void tagsAssignsAndNotesAndTakesAllOfItBack() throws Exception {
        desk.work();
        desk.run("tag", desk.select(OPEN_ORDERS), new JsonObject().put("add", new JsonArray().add("refund")));
        var jobs = List.of(
                desk.run("assign", desk.select(OPEN_ORDERS), new JsonObject().put("assignee", "ana")),
                desk.run(
                        "tag",
                        desk.select(OPEN_ORDERS),
                        new JsonObject()
                                .put("add", new JsonArray().add("vip"))
                                .put("remove", new JsonArray().add("refund"))),
                desk.run("note", desk.select(OPEN_ORDERS), new JsonObject().put("text", "see INC-4711")));
        var noted = "SELECT count(*) FROM letter_state WHERE assignee = 'ana' AND tags = '{vip}' AND notes = 1";
        var counted = ApiServer.await(desk.api.pool().query(noted).execute());
        assertThat(counted.iterator().next().getLong(0)).isEqualTo(7);
        // Not in the order in which it was done, because what came later stands on what came before.
        var first = desk.undo(jobs.get(0)).bodyAsJsonObject();
        assertThat(counters(first).getInteger("skipped")).isEqualTo(7);
        for (int i = jobs.size() - 1; i > 0; i--) {
            assertThat(counters(desk.undo(jobs.get(i)).bodyAsJsonObject()).getInteger("done"))
                    .isEqualTo(7);
        }
        var back = "SELECT count(*) FROM letter_state WHERE assignee = 'ana' AND tags = '{refund}' AND notes = 0";
        assertThat(ApiServer.await(desk.api.pool().query(back).execute())
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(7);
    }

    @Test
    void takesBackOneAfterTheOtherWhatWasDoneToLettersThatWereNotAlike() throws Exception {
        desk.work();
        ApiServer.await(desk.api
                .pool()
                .query("UPDATE letter_state SET tags = '{refund}' WHERE letter_id % 2 = 0;"
                        + " UPDATE letter_state SET assignee = 'ben' WHERE letter_id % 3 = 0;"
                        + " UPDATE letter_state SET status = 'returned' WHERE letter_id = " + orders.get(6))
                .execute());
        var before = look();
        var jobs = List.of(
                desk.run("assign", desk.select(ORDERS), new JsonObject().put("assignee", "ana")),
                desk.run("tag", desk.select(ORDERS), new JsonObject().put("add", new JsonArray().add("refund"))),
                desk.run("note", desk.select(ORDERS), new JsonObject().put("text", "see INC-4711")),
                desk.run("discard", desk.select(ORDERS), NONE));
        assertThat(look()).doesNotContainAnyElementsOf(before);
        for (int i = jobs.size() - 1; i >= 0; i--) {
            assertThat(counters(desk.undo(jobs.get(i)).bodyAsJsonObject()).getInteger("skipped"))
                    .isZero();
        }
        assertThat(look()).isEqualTo(before);
    }

    @Test
    void leavesALetterAloneThatSomebodyChangedBetweenAnActAndItsUndo() throws Exception {
        desk.work();
        var assigned = desk.run("assign", desk.select(ORDERS), new JsonObject().put("assignee", "ana"));
        var tagged = desk.run("tag", desk.select(ORDERS), new JsonObject().put("add", new JsonArray().add("vip")));
        var path = "/api/v1/dead-letters/" + orders.get(0);
        desk.api.post(path + "/discards", NONE);
        assertThat(counters(desk.undo(tagged).bodyAsJsonObject()).getInteger("done"))
                .isEqualTo(6);
        desk.api.post(path + "/restores", NONE);
        assertThat(counters(desk.undo(assigned).bodyAsJsonObject()).getInteger("done"))
                .isEqualTo(6);
        assertThat(desk.letter(orders.get(0)).getString("assignee")).isEqualTo("ana");
    }

    /** What people see of each letter of the topic. */
    private List<String> look() throws Exception {
        var seen = new ArrayList<String>();
        for (long letter : orders) {
            var json = desk.letter(letter);
            seen.add(letter + " " + json.getString("status") + " " + json.getString("assignee") + " "
                    + json.getJsonArray("tags") + " " + json.getInteger("notes"));
        }
        return seen;
    }

    @Test
    void leavesLettersAloneThatChangedAfterTheSelectionWasFrozen() throws Exception {
        var selection = desk.select(OPEN_ORDERS);
        desk.letters.add(sample().withTopic("orders-dlt"));
        var ordered = desk.order("discard", selection, NONE);
        assertThat(ordered.statusCode()).isEqualTo(202);
        desk.api.post("/api/v1/dead-letters/" + orders.get(2) + "/discards", NONE);
        desk.api.post("/api/v1/dead-letters/" + orders.get(2) + "/restores", NONE);
        desk.work();
        var job = desk.api
                .get("/api/v1/jobs/" + ordered.bodyAsJsonObject().getString("id"), "Prefer", "wait=20")
                .bodyAsJsonObject();
        assertThat(counters(job).getInteger("done")).isEqualTo(6);
        assertThat(counters(job).getInteger("skipped")).isEqualTo(1);
        assertThat(status(orders.get(2))).isEqualTo("open");
        var left = desk.api
                .json("/api/v1/jobs/" + job.getString("id") + "/items?result=skipped")
                .getJsonArray("items");
        assertThat(left.getJsonObject(0).getString("detail")).isEqualTo("changed after the selection was frozen");
    }

    @Test
    void refusesAJobOverAnotherCountThanItsCallerSaw() throws Exception {
        var selection = desk.select(OPEN_ORDERS);
        desk.api.post("/api/v1/dead-letters/" + orders.get(2) + "/discards", NONE);
        var refused = desk.order("discard", selection, NONE);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("selection-changed");
        assertThat(refused.bodyAsJsonObject().getJsonObject("count").getInteger("value"))
                .isEqualTo(6);
    }

    @Test
    void actsOnceHoweverOftenItIsAsked() throws Exception {
        var selection = desk.select(OPEN_ORDERS);
        var first = desk.order("k-1", "discard", selection, NONE);
        var second = desk.order("k-1", "discard", selection, NONE);
        assertThat(second.bodyAsJsonObject().getString("id"))
                .isEqualTo(first.bodyAsJsonObject().getString("id"));
        assertThat(desk.api.json("/api/v1/jobs").getJsonArray("items")).hasSize(1);
    }

    @Test
    void waitsWhilePausedAndEndsWhenCancelled() throws Exception {
        var job = desk.order("discard", desk.select(OPEN_ORDERS), NONE).bodyAsJsonObject();
        var path = "/api/v1/jobs/" + job.getString("id");
        assertThat(desk.api.post(path + "/pauses", NONE).statusCode()).isEqualTo(202);
        assertThat(desk.api.post(path + "/pauses", NONE).statusCode()).isEqualTo(202);
        desk.work();
        long asked = System.nanoTime();
        var held = desk.api.get(path, "Prefer", "wait=60").bodyAsJsonObject();
        assertThat(held.getString("state")).isEqualTo("paused");
        assertThat(Duration.ofNanos(System.nanoTime() - asked))
                .as("nobody waits for a job that waits for somebody")
                .isLessThan(Duration.ofSeconds(20));
        // Another job comes through, so the engine has looked.
        desk.run("discard", desk.select(new JsonObject().put("ids", new JsonArray().add(Long.toString(other)))), NONE);
        assertThat(desk.api.json(path).getString("state")).isEqualTo("paused");
        assertThat(status(orders.get(0))).isEqualTo("open");
        assertThat(desk.api
                        .post(path + "/cancellations", NONE)
                        .bodyAsJsonObject()
                        .getString("state"))
                .isEqualTo("cancelled");
        var resumed = desk.api.post(path + "/resumes", NONE);
        assertThat(resumed.statusCode()).isEqualTo(409);
    }
}
