package dev.redrive.retention;

import static dev.redrive.letter.StoredLetters.sample;
import static dev.redrive.retention.RetentionDesk.rule;
import static dev.redrive.retention.RetentionDesk.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.http.ApiServer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetentionRunTest {

    private RetentionDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RetentionDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    void purgesWhatIsOlderThanItsRuleSaysAndNothingElse() throws Exception {
        long old = desk.letter("orders-dlt", "discarded", 31);
        long young = desk.letter("orders-dlt", "discarded", 29);
        long recovered = desk.letter("orders-dlt", "recovered", 400);
        long open = desk.letter("orders-dlt", "open", 4_000);
        long replaying = desk.letter("orders-dlt", "replaying", 4_000);
        var run = desk.run(rules(rule("discarded", "P30D")));
        assertThat(desk.status(old)).isEqualTo("purged");
        for (long kept : List.of(young, recovered, open, replaying)) {
            assertThat(desk.status(kept)).isNotEqualTo("purged");
        }
        assertThat(run.complete()).isTrue();
        assertThat(run.purged()).containsExactly(1L);
    }

    @Test
    void letsTheFirstRuleThatFitsDecide() throws Exception {
        long payments = desk.letter("payments-dlt", "discarded", 100);
        long orders = desk.letter("orders-dlt", "discarded", 100);
        long grouped = desk.letters.add(sample().withFailure("org.acme.Other", "no"));
        desk.age(grouped, "discarded", 100);
        var group = desk.row("SELECT failure_group_id FROM letter_state WHERE letter_id = $1", grouped)
                .getLong(0);
        var run = desk.run(rules(
                rule("discarded", "P365D")
                        .put("topics", new JsonArray().add("pay*_lt").add("pay*")),
                rule("discarded", "P200D").put("failureGroupId", group.toString()),
                rule("discarded", "P1D")));
        assertThat(desk.status(payments)).isEqualTo("discarded");
        assertThat(desk.status(grouped)).isEqualTo("discarded");
        assertThat(desk.status(orders)).isEqualTo("purged");
        assertThat(run.purged()).containsExactly(0L, 0L, 1L);
    }

    @Test
    @DisplayName("A rule about a failure group holds for its letters also where they were merged into another group")
    void keepsWhatAMergedGroupKeeps() throws Exception {
        long merged = desk.letters.add(sample().withFailure("org.acme.Other", "no"));
        long other = desk.letter("orders-dlt", "discarded", 100);
        desk.age(merged, "discarded", 100);
        var home = desk.row("SELECT failure_group_id FROM letter_state WHERE letter_id = $1", merged)
                .getLong(0);
        desk.sql(
                "UPDATE letter_state SET home_group_id = failure_group_id, failure_group_id ="
                        + " (SELECT failure_group_id FROM letter_state WHERE letter_id = $2) WHERE letter_id = $1",
                merged,
                other);
        desk.run(rules(rule("discarded", "P200D").put("failureGroupId", home.toString()), rule("discarded", "P1D")));
        assertThat(desk.status(merged)).isEqualTo("discarded");
        assertThat(desk.status(other)).isEqualTo("purged");
    }

    @Test
    @DisplayName("A wildcard is a wildcard, and what LIKE or a regular expression would read is not")
    void readsPatternsAsTheyAreWritten() throws Exception {
        long plain = desk.letter("a_b.c%d-dlt", "discarded", 9);
        long like = desk.letter("aXb.cYd-dlt", "discarded", 9);
        desk.run(rules(rule("discarded", "P1D")
                .put("topics", new JsonArray().add("a_b.c%d*").add(".*\\"))));
        assertThat(desk.status(plain)).isEqualTo("purged");
        assertThat(desk.status(like)).isEqualTo("discarded");
    }

    @Test
    void takesOpenLettersWhereARuleSaysSoTwice() throws Exception {
        long open = desk.letter("orders-dlt", "open", 9);
        var purged = rules(rule("open", "P1D").put("purgesOpenLetters", true));
        desk.run(purged);
        assertThat(desk.status(open)).isEqualTo("purged");
    }

    @Test
    void keepsManyLettersInOrderAndTellsWhoItWas() throws Exception {
        for (int i = 0; i < 1_203; i++) {
            desk.letters.add(sample());
        }
        desk.sql("UPDATE letter_state SET status = 'recovered', changed_at = now() - interval '40 days'");
        desk.sql("UPDATE dead_letter SET ingested_at = now() - interval '40 days'");
        var run = desk.run(rules(rule("recovered", "P30D")));
        assertThat(run.letters()).isEqualTo(1_203);
        assertThat(desk.count("letter_state WHERE status = 'purged'")).isEqualTo(1_203);
        var event = desk.api.json("/api/v1/audit?action=retention-purged").getJsonArray("items");
        assertThat(event).hasSize(1);
        assertThat(event.getJsonObject(0).getString("actor")).isEqualTo("system");
        assertThat(event.getJsonObject(0).getJsonObject("details").getInteger("letters"))
                .isEqualTo(1_203);
        var letter = desk.row("SELECT min(id) FROM dead_letter").getLong(0);
        var history =
                desk.api.json("/api/v1/dead-letters/" + letter + "/history").getJsonArray("items");
        assertThat(history.getJsonObject(1).getString("action")).isEqualTo("purged");
        assertThat(history.getJsonObject(1).getString("actor")).isEqualTo("system");
    }

    @Test
    void passesByWhatSomebodyHasInHandAndTakesItInTheNextRun() throws Exception {
        long held = desk.letter("orders-dlt", "discarded", 40);
        long free = desk.letter("orders-dlt", "discarded", 40);
        var rules = rules(rule("discarded", "P30D"));
        runWhileLocked("letter_state WHERE letter_id = " + held, rules);
        assertThat(desk.status(held)).isEqualTo("discarded");
        assertThat(desk.status(free)).isEqualTo("purged");
        desk.run(rules);
        assertThat(desk.status(held)).isEqualTo("purged");
    }

    @Test
    void waitsForNobodyLongerThanItsTimeoutAndGoesOnWithTheRest() throws Exception {
        long blocked = desk.letter("orders-dlt", "discarded", 40);
        long free = desk.letter("payments-dlt", "discarded", 40);
        var rules = rules(rule("discarded", "P30D"));
        // The row of the letter itself, which is updated after its state was taken without waiting.
        runWhileLocked("dead_letter WHERE id = " + blocked, rules);
        assertThat(desk.status(blocked)).isEqualTo("discarded");
        assertThat(desk.status(free)).isEqualTo("purged");
    }

    /** @param row that another transaction has locked from before the run to behind its end */
    private void runWhileLocked(String row, JsonObject rules) throws Exception {
        ApiServer.await(desk.api
                .pool()
                .withTransaction(connection -> connection
                        .query("SELECT FROM " + row + " FOR UPDATE")
                        .execute()
                        .compose(locked ->
                                desk.runs.begin(RetentionRule.read(rules.getJsonArray("rules")), Duration.ZERO))
                        .compose(run -> new RetentionRun(
                                        desk.vertx, desk.runs, run.orElseThrow(), () -> Future.succeededFuture(true))
                                .walk()
                                .compose(complete ->
                                        desk.runs.finish(run.orElseThrow().id(), complete)))));
    }

    @Test
    void stopsBetweenTwoStepsAndSaysThatItDidNotComeToItsEnd() throws Exception {
        desk.letter("orders-dlt", "discarded", 40);
        var steps = new AtomicInteger();
        var run =
                desk.run(rules(rule("discarded", "P30D")), () -> Future.succeededFuture(steps.incrementAndGet() <= 1));
        assertThat(run.complete()).isFalse();
        assertThat(desk.count("letter_state WHERE status = 'purged'")).isZero();
    }

    @Test
    @DisplayName("A run that another process ended purges nothing more, and what it did is in the audit once")
    void losesToWhoeverEndedIt() throws Exception {
        desk.letter("orders-dlt", "discarded", 40);
        var parsed = RetentionRule.read(rules(rule("discarded", "P30D")).getJsonArray("rules"));
        var paused = ApiServer.await(desk.runs.begin(parsed, Duration.ZERO)).orElseThrow();
        var successor = ApiServer.await(desk.runs.begin(parsed, Duration.ofHours(1)));
        assertThat(successor).isPresent();
        assertThatThrownBy(() -> ApiServer.await(
                        new RetentionRun(desk.vertx, desk.runs, paused, () -> Future.succeededFuture(true)).walk()))
                .hasMessageContaining("ended by another process");
        assertThat(desk.count("letter_state WHERE status = 'purged'")).isZero();
        assertThat(desk.count("retention_run WHERE finished_at IS NULL")).isEqualTo(1);
    }

    @Test
    void beginsNoRunBeforeTheNextOneIsDue() throws Exception {
        desk.run(rules(rule("discarded", "P30D")));
        var parsed = List.<RetentionRule>of();
        assertThat(ApiServer.await(desk.runs.begin(parsed, Duration.ofHours(1))))
                .isEmpty();
        desk.sql("UPDATE retention_run SET started_at = now() - interval '61 minutes'");
        assertThat(ApiServer.await(desk.runs.begin(parsed, Duration.ofHours(1))))
                .isPresent();
    }

    @Test
    void leavesALetterAloneThatChangedAfterItWasFound() throws Exception {
        long letter = desk.letter("orders-dlt", "discarded", 40);
        var run = ApiServer.await(desk.runs.begin(
                        RetentionRule.read(rules(rule("discarded", "P30D")).getJsonArray("rules")), Duration.ZERO))
                .orElseThrow();
        var found = List.of(new DueStore.Due(letter, 1, 1, 17));
        desk.sql("UPDATE letter_state SET status = 'open', version = 2 WHERE letter_id = $1", letter);
        assertThat(ApiServer.await(desk.runs.purge(run, found))).isZero();
        assertThat(desk.status(letter)).isEqualTo("open");
    }
}
