package dev.redrive.job;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A selection shrinks and never grows, whatever is under way when it is frozen. */
class SelectionTest {

    private static final JsonObject NONE = new JsonObject();
    private static final JsonObject OPEN = new JsonObject().put("q", "is:open");

    private JobDesk desk;
    private long first;

    @BeforeEach
    void store() throws Exception {
        desk = new JobDesk();
        first = desk.letters.add(sample());
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private interface Change {
        void in(SqlConnection connection) throws Exception;
    }

    /** Freezes the open letters while a change is made and not committed yet, and discards them when it is. */
    private JsonObject discardAfterCommitOf(Change change) throws Exception {
        var connection = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(connection.begin());
        change.in(connection);
        // Of another group, because the counters of this one are locked.
        long later = desk.letters.add(sample().withTopic("returns-dlt").withFailure("org.acme.Other", "other"));
        var selection = desk.select(OPEN);
        assertThat(Long.parseLong(selection.getString("watermark"))).isEqualTo(later);
        ApiServer.await(transaction.commit());
        ApiServer.await(connection.close());
        desk.work();
        return desk.run("discard", selection, NONE).getJsonObject("counters");
    }

    @Test
    void leavesOutALetterThatWasBeingStoredUnderALowerId() throws Exception {
        var counters = discardAfterCommitOf(connection -> ManyLetters.copy(connection, first, 1, 0));
        assertThat(counters.getInteger("total")).isEqualTo(2);
        assertThat(counters.getInteger("done")).isEqualTo(2);
        assertThat(ManyLetters.count(desk.api.pool(), "letter_state WHERE status = 'open'"))
                .isEqualTo(1);
    }

    @Test
    void leavesOutALetterThatWasBeingRestored() throws Exception {
        long discarded = desk.letters.add(sample());
        desk.api.post("/api/v1/dead-letters/" + discarded + "/discards", NONE);
        var counters = discardAfterCommitOf(connection -> ApiServer.await(connection
                .query("UPDATE letter_state SET status = 'open', version = version + 1, changed_at = now()"
                        + " WHERE letter_id = " + discarded)
                .execute()));
        assertThat(counters.getInteger("done")).isEqualTo(2);
        assertThat(counters.getInteger("skipped")).isEqualTo(1);
        assertThat(desk.letter(discarded).getString("status")).isEqualTo("open");
    }

    @Test
    void isNotHeldUpByWhoeverStoresLetters() throws Exception {
        var connection = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(connection.begin());
        ManyLetters.copy(connection, first, 1, 0);
        assertThat(desk.select(OPEN).getJsonObject("count").getInteger("value")).isEqualTo(1);
        ApiServer.await(transaction.rollback());
        ApiServer.await(connection.close());
    }

    @Test
    void countsAgesFromTheMomentItWasFrozen() throws Exception {
        var selection = desk.select(new JsonObject().put("q", "ts:>1h"));
        assertThat(selection.getString("q")).isEqualTo("ts:>1h");
        var frozen = ApiServer.await(
                        desk.api.pool().query("SELECT frozen_q FROM selection").execute())
                .iterator()
                .next()
                .getString(0);
        assertThat(frozen).startsWith("ts:..20").doesNotContain("1h");
    }

    @Test
    void holdsNothingWhereASpanEndsBeforeItBegins() throws Exception {
        var selection = desk.select(new JsonObject().put("q", "ts:2099-01-01..1h"));
        assertThat(selection.getJsonObject("count").getInteger("value")).isZero();
        assertThat(desk.api
                        .get("/api/v1/selections/" + selection.getString("id"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void runsOutAfterItsTime() throws Exception {
        var selection = desk.select(new JsonObject().put("ids", new JsonArray().add(Long.toString(first))));
        var path = "/api/v1/selections/" + selection.getString("id");
        var extended = desk.api.send(HttpMethod.PATCH, path, null);
        assertThat(extended.statusCode()).isEqualTo(200);
        ApiServer.await(desk.api
                .pool()
                .query("UPDATE selection SET expires_at = now() - interval '1 second'")
                .execute());
        for (var answer : new int[] {
            desk.api.get(path).statusCode(),
            desk.api.send(HttpMethod.PATCH, path, null).statusCode(),
            desk.order("discard", selection, NONE).statusCode()
        }) {
            assertThat(answer).isEqualTo(410);
        }
        assertThat(desk.order("discard", selection, NONE).bodyAsJsonObject().getString("code"))
                .isEqualTo("selection-expired");
    }

    @Test
    void refusesAFilterThatIsNone() throws Exception {
        var refused = desk.api.post("/api/v1/selections", new JsonObject().put("q", "staus:open"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("query-invalid");
        assertThat(refused.bodyAsJsonObject().getInteger("position")).isZero();
        var both = new JsonObject().put("q", "is:open").put("failureGroupId", "1");
        assertThat(desk.api.post("/api/v1/selections", both).statusCode()).isEqualTo(400);
        assertThat(desk.api
                        .send(
                                HttpMethod.POST,
                                "/api/v1/selections",
                                Buffer.buffer("{}"),
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void saysWhereItsLettersWouldGoAndShowsOnlyThoseThatAreInIt() throws Exception {
        long second = desk.letters.add(sample());
        var letters = new JsonArray()
                .add(Long.toString(first))
                .add(Long.toString(second))
                .add(Long.toString(second + 4711));
        var selection = desk.select(new JsonObject().put("ids", letters));
        assertThat(selection.getJsonArray("sample")).containsExactly(Long.toString(second), Long.toString(first));
        var target = selection.getJsonArray("targets").getJsonObject(0);
        assertThat(target.getInteger("letters")).isEqualTo(2);
        assertThat(target.getString("topic"))
                .isEqualTo(desk.letter(first).getJsonObject("origin").getString("topic"));
        desk.api.post("/api/v1/dead-letters/" + second + "/discards", NONE);
        var later = desk.api.json("/api/v1/selections/" + selection.getString("id"));
        assertThat(later.getJsonArray("sample")).containsExactly(Long.toString(first));
        assertThat(later.getJsonObject("count").getInteger("value")).isEqualTo(1);
    }
}
