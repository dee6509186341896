package dev.redrive.job;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several people, and other parts of Redrive, at the same letters. */
class TogetherTest {

    private static final JsonObject NONE = new JsonObject();
    private static final JsonObject EVERY = new JsonObject().put("q", "topic:orders-dlt");

    private JobDesk desk;
    private final List<Long> letters = new ArrayList<>();

    @BeforeEach
    void store() throws Exception {
        desk = new JobDesk(new FussyWork());
        for (int i = 0; i < 50; i++) {
            letters.add(desk.letters.add(sample()));
        }
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private JsonObject finished(JsonObject job) throws Exception {
        return desk.api
                .get("/api/v1/jobs/" + job.getString("id"), "Prefer", "wait=15")
                .bodyAsJsonObject();
    }

    private static int counter(JsonObject job, String name) {
        return job.getJsonObject("counters").getInteger(name);
    }

    private void set(long letter, String status) throws Exception {
        ApiServer.await(desk.api
                .pool()
                .query("UPDATE letter_state SET status = '" + status + "', version = version + 1, changed_at = now()"
                        + " WHERE letter_id = " + letter)
                .execute());
    }

    @Test
    @DisplayName("L-24: of two operators who discard the same letters each letter has one")
    void twoOperatorsShareTheLetters() throws Exception {
        var one = desk.order("discard", desk.select(EVERY), NONE).bodyAsJsonObject();
        var other = desk.order("discard", desk.select(EVERY), NONE).bodyAsJsonObject();
        desk.work();
        one = finished(one);
        other = finished(other);
        assertThat(counter(one, "done") + counter(other, "done")).isEqualTo(50);
        assertThat(counter(one, "skipped") + counter(other, "skipped")).isEqualTo(50);
        assertThat(ManyLetters.count(desk.api.pool(), "letter_state WHERE status = 'discarded' AND version = 2"))
                .isEqualTo(50);
    }

    @Test
    @DisplayName("L-23: the same Idempotency-Key 50 times in parallel makes one job")
    void oneJobForAllClicks() throws Exception {
        var selection = desk.select(EVERY);
        var body = new JsonObject()
                .put("type", "discard")
                .put("selectionId", selection.getString("id"))
                .put("expectedCount", 50)
                .put("reason", "a double click");
        var asked = new ArrayList<Future<HttpResponse<Buffer>>>();
        for (int i = 0; i < 50; i++) {
            asked.add(desk.api.ask(
                    HttpMethod.POST,
                    "/api/v1/jobs",
                    body.toBuffer(),
                    "Content-Type",
                    "application/json",
                    "Idempotency-Key",
                    "click"));
        }
        var ids = new ArrayList<String>();
        for (var one : asked) {
            var answer = ApiServer.await(one);
            assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
            ids.add(answer.bodyAsJsonObject().getString("id"));
        }
        assertThat(ids).containsOnly(ids.get(0));
        var other = desk.api.post("/api/v1/jobs", body.copy().put("reason", "another"), "Idempotency-Key", "click");
        assertThat(other.statusCode()).isEqualTo(422);
    }

    @Test
    void leavesALetterAloneThatIsBeingReplayed() throws Exception {
        set(letters.get(3), "replaying");
        desk.work();
        var job = desk.run("discard", desk.select(EVERY), NONE);
        assertThat(counter(job, "done")).isEqualTo(49);
        assertThat(why(job)).containsExactly("is replaying");
    }

    @Test
    void leavesALetterAloneThatCameBackMeanwhile() throws Exception {
        set(letters.get(3), "replayed");
        var job = desk.order("discard", desk.select(EVERY), NONE).bodyAsJsonObject();
        set(letters.get(3), "returned");
        desk.work();
        job = finished(job);
        assertThat(counter(job, "done")).isEqualTo(49);
        assertThat(why(job)).containsExactly("changed after the selection was frozen");
    }

    private List<String> why(JsonObject job) throws Exception {
        return desk
                .api
                .json("/api/v1/jobs/" + job.getString("id") + "/items?result=skipped")
                .getJsonArray("items")
                .stream()
                .map(item -> ((JsonObject) item).getString("detail"))
                .toList();
    }

    @Test
    @DisplayName("L-36: after discard, undo and the undo of the undo the letter is as before, and the audit has it all")
    void undoesAndTellsIt() throws Exception {
        desk.work();
        long letter = letters.get(7);
        var job = desk.run("discard", desk.select(EVERY), NONE);
        var undone = desk.undo(job).bodyAsJsonObject();
        assertThat(desk.letter(letter).getString("status")).isEqualTo("open");
        var again = desk.undo(undone).bodyAsJsonObject();
        assertThat(counter(again, "done")).isEqualTo(50);
        assertThat(desk.letter(letter).getString("status")).isEqualTo("discarded");
        assertThat(desk.history(letter)).containsExactly("stored", "discarded", "undone", "undone");
        var history =
                desk.api.json("/api/v1/dead-letters/" + letter + "/history").getJsonArray("items");
        assertThat(history.getJsonObject(1).getString("reason")).isEqualTo("INC-4711");
        assertThat(history.getJsonObject(1).getJsonObject("details").getString("job"))
                .isEqualTo(job.getString("id"));
        var audit = desk.api.json("/api/v1/audit?limit=50").getJsonArray("items").stream()
                .map(event -> ((JsonObject) event).getString("action"))
                .toList();
        assertThat(audit).filteredOn("job-created"::equals).hasSize(3);
        assertThat(audit).filteredOn("job-finished"::equals).hasSize(3);
        var refused = desk.undo(job);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("detail")).contains(undone.getString("id"));
    }

    @Test
    void writesANoteAgainWhenItsUndoIsUndone() throws Exception {
        desk.work();
        long letter = letters.get(0);
        var ids = new JsonObject().put("ids", new JsonArray().add(Long.toString(letter)));
        var tagged = desk.run("tag", desk.select(ids), new JsonObject().put("add", new JsonArray().add("vip")));
        desk.undo(desk.undo(tagged).bodyAsJsonObject());
        assertThat(desk.letter(letter).getJsonArray("tags")).containsExactly("vip");
        var noted = desk.run("note", desk.select(ids), new JsonObject().put("text", "call them"));
        var removed = desk.undo(noted).bodyAsJsonObject();
        assertThat(desk.letter(letter).getInteger("notes")).isZero();
        desk.undo(removed);
        assertThat(desk.letter(letter).getInteger("notes")).isEqualTo(1);
        var notes = desk.api.json("/api/v1/dead-letters/" + letter + "/notes").getJsonArray("items");
        assertThat(notes.getJsonObject(0).getString("text")).isEqualTo("call them");
    }

    @Test
    @DisplayName("A letter that fails is left with its reason, and the rest is done and can be undone")
    void oneBadLetterHoldsUpNobody() throws Exception {
        desk.work();
        var bad = Long.toString(letters.get(20));
        var job = desk.run("fuss", desk.select(EVERY), new JsonObject().put("over", bad));
        assertThat(job.getString("state")).isEqualTo("succeeded-with-failures");
        assertThat(counter(job, "done")).isEqualTo(49);
        assertThat(counter(job, "failed")).isEqualTo(1);
        var failed = desk.api
                .json("/api/v1/jobs/" + job.getString("id") + "/items?result=failed")
                .getJsonArray("items");
        assertThat(failed.getJsonObject(0).getString("letterId")).isEqualTo(bad);
        assertThat(failed.getJsonObject(0).getString("detail"))
                .isEqualTo("The database refused it with SQLSTATE 22012");
    }

    @Test
    @DisplayName("L-27: a job that is cancelled midway says what was done, and the counts add up")
    void cancelledMidway() throws Exception {
        ManyLetters.copy(desk.api.pool(), letters.get(0), 3_000, 0);
        var ordered = desk.order("discard", desk.select(EVERY), NONE).bodyAsJsonObject();
        var path = "/api/v1/jobs/" + ordered.getString("id");
        desk.work();
        var cancelled = desk.api.post(path + "/cancellations", new JsonObject().put("reason", "wrong topic"));
        var again = desk.api.post(path + "/cancellations", NONE);
        assertThat(again.statusCode()).isEqualTo(cancelled.statusCode());
        var job = finished(ordered);
        long done = ManyLetters.count(desk.api.pool(), "letter_state WHERE status = 'discarded'");
        assertThat(counter(job, "done")).isEqualTo((int) done);
        assertThat(ManyLetters.count(desk.api.pool(), "job_item")).isEqualTo(done);
        if (job.getString("state").equals("cancelled")) {
            assertThat(job.getString("stateReason"))
                    .isEqualTo(done + " letters were changed before it was cancelled: wrong topic");
        }
    }

    /** Changes nothing, and divides by zero over one letter. */
    private static final class FussyWork implements Work {

        @Override
        public String type() {
            return "fuss";
        }

        @Override
        public JsonObject options(JsonObject options) {
            return options;
        }

        @Override
        public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
            long over = Long.parseLong(job.options().getString("over"));
            int divisor = letters.stream().anyMatch(letter -> letter.id() == over) ? 0 : 1;
            return connection
                    .query("SELECT 1 / " + divisor)
                    .execute()
                    .map(fine -> new Outcome(
                            letters.stream()
                                    .map(letter -> new Done(letter.id(), letter.version(), null))
                                    .toList(),
                            List.of()));
        }
    }

    @Test
    void fiftyLettersAreDoneAtOnce() throws Exception {
        desk.work();
        desk.undo(desk.run("discard", desk.select(EVERY), NONE));
        var selection = desk.select(EVERY);
        long began = System.nanoTime();
        desk.run("discard", selection, NONE);
        long millis = (System.nanoTime() - began) / 1_000_000;
        System.out.println("50 letters were discarded within " + millis + " ms of the request");
        // Of a loaded machine; it is some hundred milliseconds. A job that nobody wakes for comes much later.
        assertThat(millis).isLessThan(10_000);
    }
}
