package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A job that replays, and whoever holds its reins while it runs. */
class ReplayJobControlTest {

    private ReplayJobDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new ReplayJobDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    void itsRateCanBeChangedUnderWayAndNothingElse() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 200)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("rate", 1));
        desk.work().serve();
        desk.await(ordered, "the first to be sent", job -> ReplayJobDesk.sent(job) >= 1);
        assertThat(desk.change(ordered, "*", new JsonObject().put("canary", 3)).statusCode())
                .isEqualTo(400);
        assertThat(desk.change(ordered, "*", new JsonObject().put("rate", 0)).statusCode())
                .isEqualTo(400);
        assertThat(desk.change(ordered, "\"v0\"", new JsonObject().put("rate", 5))
                        .statusCode())
                .isEqualTo(412);
        var changed = desk.change(ordered, "*", new JsonObject().putNull("rate"));
        assertThat(changed.statusCode()).as(changed.bodyAsString()).isEqualTo(200);
        assertThat(ReplayJobDesk.sent(desk.ended(ordered))).isEqualTo(200);
        assertThat(desk.count("audit_event WHERE action = 'job-changed'")).isEqualTo(1);
    }

    @Test
    void aPausedJobSendsNothingMoreUntilItIsResumed() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 200)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("rate", 20));
        desk.work().serve();
        desk.await(ordered, "some to be sent", job -> ReplayJobDesk.sent(job) >= 5);
        desk.tell(ordered, "pauses");
        var calm = desk.await(ordered, "what was let go to be sent", job -> {
            var counters = job.getJsonObject("counters");
            return counters.getLong("queued") + counters.getLong("sending") == 0;
        });
        assertThat(ReplayJobDesk.sent(calm) + calm.getJsonObject("counters").getLong("held"))
                .isEqualTo(200);
        desk.change(ordered, "*", new JsonObject().put("rate", 10_000));
        assertThat(ReplayJobDesk.sent(desk.job(ordered))).isEqualTo(ReplayJobDesk.sent(calm));
        desk.tell(ordered, "resumes");
        assertThat(ReplayJobDesk.sent(desk.ended(ordered))).isEqualTo(200);
    }

    @Test
    void aJobThatWasPausedBeforeItBeganIsResumed() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.add(ReplayJobDesk.letter(topic, "k", 1, "once"));
        var ordered = desk.order(desk.select("is:open"), new JsonObject());
        desk.tell(ordered, "pauses");
        desk.tell(ordered, "resumes");
        desk.work().serve();
        assertThat(ReplayJobDesk.sent(desk.ended(ordered))).isEqualTo(1);
        assertThat(desk.rig.topics().read(topic))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("once");
    }

    @Test
    void aJobThatIsOrderedToStartPausedDoesNothingUntilItIsResumed() throws Exception {
        var topic = desk.rig.topic(1);
        var first = desk.rig.letters.add(ReplayJobDesk.letter(topic, "k", 1, "once"));
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("startPaused", true));
        assertThat(ordered.getString("state")).isEqualTo("paused");
        assertThat(ordered.getJsonObject("options").containsKey("startPaused")).isFalse();
        desk.work().serve();
        var other = desk.rig.letters.add(ReplayJobDesk.letter(topic, "k", 2, "of another job"));
        desk.ended(desk.order(desk.select(List.of(other)), new JsonObject()));
        assertThat(desk.rig.statusOf(first)).isEqualTo("open");
        desk.tell(ordered, "resumes");
        assertThat(ReplayJobDesk.sent(desk.ended(ordered))).isEqualTo(1);
    }

    @Test
    void ofTwoWhoChangeDifferentOptionsAtOnceBothHaveTheirWay() throws Exception {
        desk.rig.letters.add(ReplayJobDesk.letter(desk.rig.topic(1), "k", 1, "once"));
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("startPaused", true));
        for (int i = 1; i <= 10; i++) {
            int n = i;
            var rate = CompletableFuture.supplyAsync(() -> changed(ordered, new JsonObject().put("rate", n)));
            var lag = CompletableFuture.supplyAsync(() -> changed(ordered, new JsonObject().put("maxLag", n)));
            assertThat(List.of(rate.join(), lag.join())).containsOnly(200);
            var options = desk.job(ordered).getJsonObject("options");
            assertThat(List.of(options.getInteger("rate"), options.getInteger("maxLag")))
                    .as("round %d", n)
                    .containsOnly(n);
        }
    }

    private int changed(JsonObject ordered, JsonObject options) {
        try {
            return desk.change(ordered, "*", options).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("A job that cannot go on is held with its letters and its reason, and sends them when it is resumed")
    void isHeldWhereItCannotGoOn() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(
                List.of(ReplayJobDesk.letter(topic, "a", 1, "one"), ReplayJobDesk.letter(topic, "b", 2, "two")));
        desk.rig.execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '22000'; END $$""");
        desk.rig.execute("""
                CREATE TRIGGER refuse BEFORE UPDATE ON replay FOR EACH ROW WHEN (NEW.state = 'queued')
                EXECUTE FUNCTION refuse()""");
        var ordered = desk.order(desk.select("is:open"), new JsonObject());
        desk.work().serve();
        Eventually.until(ReplayJobDesk.PATIENCE, "a turn to fail", () -> desk.count("job WHERE failures > 0") == 1);
        desk.rig.execute("UPDATE job SET failures = 9");
        var held = desk.paused(ordered);
        assertThat(held.getString("stateReason")).isEqualTo("The database refused it with SQLSTATE 22000");
        assertThat(held.getJsonObject("counters").getLong("held")).isEqualTo(2);
        assertThat(desk.count("audit_event WHERE action = 'job-held'")).isEqualTo(1);
        desk.rig.execute("DROP TRIGGER refuse ON replay");
        desk.tell(ordered, "resumes");
        assertThat(ReplayJobDesk.sent(desk.ended(ordered))).isEqualTo(2);
    }

    @Test
    void howFastAJobWentDoesNotFadeAfterItsEnd() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 100)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var ordered = desk.order(desk.select("is:open"), new JsonObject());
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(ended.getDouble("rate")).isGreaterThan(1);
        desk.rig.execute(
                "UPDATE replay_job SET stage_since = now() - interval '1 day', paced_at = now() - interval '1 day', pace = NULL");
        assertThat(desk.job(ordered).getDouble("rate")).isEqualTo(ended.getDouble("rate"));
    }
}
