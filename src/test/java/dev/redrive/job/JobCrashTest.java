package dev.redrive.job;

import static dev.redrive.job.ManyLetters.count;
import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.LogLines;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/jobs.md promises at each place of death; {@code -Djobs.letters=50000 -Djobs.kills=10} is L-26 in full. */
class JobCrashTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final int BATCHES = 1_200;
    private static final int LETTERS = Integer.getInteger("jobs.letters", 8_000);
    private static final int KILLS = Integer.getInteger("jobs.kills", 3);

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

    private JsonObject order(int letters) throws Exception {
        ManyLetters.copy(desk.api.pool(), first, letters - 1, 0);
        var selection = desk.select(new JsonObject().put("q", "is:open"));
        assertThat(selection.getJsonObject("count").getInteger("value")).isEqualTo(letters);
        return desk.order("discard", selection, new JsonObject()).bodyAsJsonObject();
    }

    /** Every letter once, none lost, and every count says so. */
    private void provenOnce(JsonObject ordered, int letters) throws Exception {
        var pool = desk.api.pool();
        var job = desk.api
                .get("/api/v1/jobs/" + ordered.getString("id"), "Prefer", "wait=60")
                .bodyAsJsonObject();
        assertThat(job.getString("state")).as(job.encode()).isEqualTo("succeeded");
        assertThat(job.getJsonObject("counters").getInteger("done")).isEqualTo(letters);
        assertThat(job.getJsonObject("counters").getInteger("skipped")).isZero();
        assertThat(count(pool, "letter_state WHERE status = 'discarded' AND version = 2"))
                .isEqualTo(letters);
        assertThat(count(pool, "job_item WHERE result = 'done'")).isEqualTo(letters);
        assertThat(count(pool, "failure_group_counter WHERE open = 0 AND discarded = " + letters))
                .isEqualTo(1);
        assertThat(count(pool, "audit_event WHERE action = 'job-finished'")).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName(
            "After a death at any place of a batch every letter is done once and counted once (in the second of 3 batches)")
    @ValueSource(
            strings = {
                "job.taken",
                "job.locked",
                "job.worked",
                "job.kept",
                "job.advanced",
                "job.settled",
                "job.committed"
            })
    void doesEveryLetterOnceWhereverItDies(String failpoint) throws Exception {
        var ordered = order(BATCHES);
        try (var child = JobProcess.start(desk.api.databaseUrl(), LEASE, failpoint + ":halt@2")) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(137);
        }
        assertThat(count(desk.api.pool(), "letter_state WHERE status = 'discarded'"))
                .isEqualTo(failpoint.equals("job.committed") ? 1_000 : 500);
        desk.work();
        provenOnce(ordered, BATCHES);
    }

    @Test
    @DisplayName(
            "L-26: killed again and again during a job, all and only the letters up to the watermark are done once")
    void doesEveryLetterOnceHoweverOftenItIsKilled() throws Exception {
        var ordered = order(LETTERS);
        ManyLetters.copy(desk.api.pool(), first, 100, LETTERS);
        var random = new Random(26);
        for (int i = 0; i < KILLS; i++) {
            long before = done();
            try (var child = JobProcess.start(desk.api.databaseUrl(), LEASE, "job.worked:sleep=20")) {
                long enough = before + 1 + random.nextInt(LETTERS / KILLS / 2);
                Eventually.until(PATIENCE, "some progress", () -> done() >= enough);
                child.kill9();
            }
        }
        assertThat(done()).isLessThan(LETTERS);
        desk.work();
        var pool = desk.api.pool();
        Eventually.until(PATIENCE, "the job to end", () -> count(pool, "job WHERE state = 'succeeded'") == 1);
        assertThat(done()).isEqualTo(LETTERS);
        assertThat(count(pool, "letter_state WHERE status = 'open' AND version = 1"))
                .isEqualTo(100);
        assertThat(count(pool, "job_item WHERE result = 'done'")).isEqualTo(LETTERS);
        assertThat(ordered.getJsonObject("counters").getInteger("total")).isEqualTo(LETTERS);
    }

    private long done() throws Exception {
        return count(desk.api.pool(), "letter_state WHERE status = 'discarded' AND version = 2");
    }

    @Test
    @DisplayName("L-22: a process that was paused inside a batch loses the job to another, and its batch with it")
    void pausedOwnerChangesNothing() throws Exception {
        var ordered = order(BATCHES);
        try (var child = JobProcess.start(desk.api.databaseUrl(), LEASE, "job.worked:sleep=4000@1")) {
            Eventually.until(
                    PATIENCE,
                    "a batch in hand",
                    () -> count(desk.api.pool(), "(SELECT 1 FROM job FOR UPDATE SKIP LOCKED) AS free") == 0);
            desk.work();
            provenOnce(ordered, BATCHES);
            Eventually.until(
                    PATIENCE,
                    "the old owner to find its connection gone",
                    () -> child.output().contains("Jobs do not go on for now"));
        }
        provenOnce(ordered, BATCHES);
    }

    @Test
    void anOutageIsNobodysFaultAndIsToldOfOnce() throws Exception {
        desk.close();
        desk = new JobDesk(new DyingWork());
        first = desk.letters.add(sample());
        try (var log = LogLines.of(JobVerticle.class, desk.vertx, desk.api.vertx())) {
            desk.work();
            var job = desk.run("die", desk.select(new JsonObject().put("q", "is:open")), new JsonObject());
            assertThat(job.getString("state")).isEqualTo("succeeded");
            assertThat(job.getJsonObject("counters").getInteger("done")).isEqualTo(1);
            assertThat(count(desk.api.pool(), "job WHERE failures = 0")).isEqualTo(1);
            Eventually.until(
                    PATIENCE, "the end of the outage", () -> !log.infos().isEmpty());
            assertThat(log.warnings()).hasSize(1).allMatch(line -> line.startsWith("Jobs do not go on for now: "));
            assertThat(log.infos()).hasSize(1).allMatch(line -> line.endsWith(": Jobs do not go on for now"));
        }
    }
}
