package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.ChildJvm;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Jobs that replay, in processes that die. Every place of death on its own, and every way of dying, is
 * {@code CrashMatrix}; {@code -Dreplay.job.letters=50000 -Dreplay.job.kills=24 -Dreplay.job.every=5}, a kill every 5 s for
 * 2 minutes, is the check of two processes in full.
 */
class ReplayJobCrashTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LETTERS = Integer.getInteger("replay.job.letters", 1_500);
    private static final int KILLS = Integer.getInteger("replay.job.kills", 3);
    private static final int EVERY_SECONDS = Integer.getInteger("replay.job.every", 3);

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
    @DisplayName(
            "One job that dies at each place of its engine, one after the other, sends each of its 1,500 letters once")
    void dyingAtOnePlaceAfterTheOtherSendsEachLetterOnce() throws Exception {
        var run = new ReplayJobRun(desk, 1_500, new JsonObject());
        for (var place : List.of(
                "job.taken:halt",
                "job.locked:halt",
                "job.worked:halt",
                "job.kept:halt",
                "job.committed:halt@2",
                "job.advanced:halt",
                "job.settled:halt",
                "job.let-go:halt",
                "job.went-on:halt@2",
                "job.committed:halt@3")) {
            try (var child = ReplayJobProcess.start(desk.rig, place)) {
                assertThat(child.awaitExit(PATIENCE)).as(place).isEqualTo(137);
            }
        }
        try (var child = ReplayJobProcess.start(desk.rig, "")) {
            run.awaitEnd();
            assertThat(child.isAlive()).isTrue();
        }
        run.provenOnce();
    }

    @Test
    @DisplayName(
            "A job with a program that dies between its transforming and its commit transforms and sends each once")
    void dyingWhileItTransformsSendsEachLetterOnceAsItWasKept() throws Exception {
        var program = new JsonObject().put("program", ".n += 1 | .at = now");
        var run = new ReplayJobRun(desk, 150, new JsonObject().put("transform", program));
        for (var place : List.of("job.transformed:halt", "job.settled:halt", "job.committed:halt@2")) {
            try (var child = ReplayJobProcess.start(desk.rig, place)) {
                assertThat(child.awaitExit(PATIENCE)).as(place).isEqualTo(137);
            }
        }
        try (var child = ReplayJobProcess.start(desk.rig, "")) {
            run.awaitEnd();
            assertThat(child.isAlive()).isTrue();
        }
        run.provenOnce();
        assertThat(desk.count("draft d JOIN replay r ON r.draft_id = d.id AND r.content_hash = d.content_hash"))
                .isEqualTo(150);
        assertThat(desk.count("draft")).isEqualTo(150);
        assertThat(desk.rig.topics().read(run.topic))
                .extracting(record -> new String(record.value(), UTF_8))
                .allMatch(value -> value.startsWith("{\"n\":2.0,\"at\":"))
                .containsExactlyInAnyOrderElementsOf(desk.rig.texts("SELECT convert_from(value, 'UTF8') FROM draft"));
    }

    @Test
    @DisplayName(
            "L-26: of two processes one is killed again and again; each letter is sent once, each key in its order")
    void killedAgainAndAgainEachLetterIsSentOnceAndInOrder() throws Exception {
        // So slow that the job cannot end before the last kill.
        var run = new ReplayJobRun(desk, LETTERS, new JsonObject().put("rate", LETTERS / (KILLS * EVERY_SECONDS)));
        var alive = new ArrayDeque<ChildJvm>();
        try {
            alive.add(ReplayJobProcess.start(desk.rig, ""));
            alive.add(ReplayJobProcess.start(desk.rig, ""));
            Eventually.until(PATIENCE, "the first letter to be sent", () -> run.sent() > 0);
            for (int kill = 1; kill <= KILLS; kill++) {
                long due = System.nanoTime() + Duration.ofSeconds(EVERY_SECONDS).toNanos();
                Eventually.until(PATIENCE, "the time of kill " + kill, () -> System.nanoTime() >= due);
                assertThat(run.hasEnded()).as("ended before kill " + kill).isFalse();
                // The older one has lanes in hand.
                alive.remove().kill9();
                alive.add(ReplayJobProcess.start(desk.rig, ""));
            }
            run.awaitEnd(PATIENCE.plus(Duration.ofSeconds(2L * KILLS * EVERY_SECONDS)));
            assertThat(alive).allMatch(ChildJvm::isAlive);
        } finally {
            alive.forEach(ChildJvm::close);
        }
        run.provenOnce();
    }
}
