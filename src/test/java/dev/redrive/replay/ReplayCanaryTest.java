package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a job does before it sends all of its letters: it refuses, it tries a few. */
class ReplayCanaryTest {

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
    @DisplayName("A canary that comes back holds the job by itself, and to resume sends the rest")
    void holdsTheJobWhenItsCanaryComesBack() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 40)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("canary", 5));
        desk.work().serve();
        desk.await(
                ordered,
                "the canary to be sent",
                job -> job.getJsonObject("counters").getLong("sent") == 5);
        var first = UUID.fromString(desk.items(ordered, "sent").get(0).getString("replayId"));
        desk.rig.letters.add(new Letter(topic).replayOf(first));
        desk.commit("orders-svc", topic, 0, 1_000);
        var held = desk.paused(ordered);
        assertThat(held.getString("stage")).isEqualTo("canary");
        assertThat(held.getString("stateReason"))
                .isEqualTo("Canary: of the first 5 letters 1 came back. Look at them; to resume sends the other 35");
        assertThat(held.getJsonObject("counters").getLong("held")).isEqualTo(35);
        assertThat(desk.rig.topics().read(topic)).hasSize(5);
        desk.tell(ordered, "resumes");
        var ended = desk.ended(ordered);
        assertThat(ended.getString("state")).isEqualTo("succeeded-with-failures");
        assertThat(ended.getJsonObject("counters").getLong("sent")).isEqualTo(40);
        assertThat(ended.getJsonObject("counters").getLong("returned")).isEqualTo(1);
    }

    @Test
    void aCanaryThatWasOnlyPausedGoesOnAndIsNotSkipped() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 10)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("canary", 2));
        desk.work();
        desk.await(
                ordered,
                "the canary to be let go",
                job -> job.getJsonObject("counters").getValue("queued") != null
                        && job.getJsonObject("counters").getLong("queued") == 2);
        desk.tell(ordered, "pauses");
        assertThat(desk.tell(ordered, "resumes").getString("stage")).isEqualTo("canary");
        desk.commit("orders-svc", topic, 0, 1_000_000);
        desk.serve();
        assertThat(desk.ended(ordered).getJsonObject("counters").getLong("sent"))
                .isEqualTo(10);
    }

    @Test
    @DisplayName("A canary that recovers lets the rest go, and in the end n of n are recovered")
    void goesOnWhenItsCanaryRecovers() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 30)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        desk.commit("orders-svc", topic, 0, 1_000_000);
        var ordered = desk.order(
                desk.select("is:open"), new JsonObject().put("canary", 5).put("rate", 1_000));
        desk.work().serve();
        desk.await(ordered, "the end", job -> job.getString("state").equals("succeeded"));
        var recovered = desk.await(
                ordered, "every outcome", job -> job.getJsonObject("counters").getLong("recovered") == 30);
        assertThat(recovered.getJsonObject("counters").getLong("sent")).isEqualTo(30);
    }

    @Test
    void optionsThatMakeNoSenseAreRefusedByTheirPlace() throws Exception {
        desk.rig.letters.add(new Letter(desk.rig.topic(1)));
        var wrong = Map.of(
                "rate",
                0,
                "canary",
                -1,
                "maxReturnRatio",
                2,
                "order",
                "random",
                "drafts",
                "burn",
                "overrides",
                new JsonArray().add("size"),
                "target",
                new JsonObject().put("partition", 3),
                "speed",
                9);
        var all = new HashMap<String, Object>(wrong);
        all.put("skip", new JsonArray().add("earlier-key"));
        all.put("startPaused", "yes");
        for (var option : all.entrySet()) {
            var answer = desk.order(
                    desk.select("is:open"),
                    new JsonObject().put(option.getKey(), option.getValue()),
                    UUID.randomUUID().toString());
            assertThat(answer.statusCode()).as(option.getKey()).isEqualTo(400);
            assertThat(answer.bodyAsString()).contains("/options/" + option.getKey());
        }
        Eventually.until(ReplayJobDesk.PATIENCE, "no job", () -> desk.count("job") == 0);
    }
}
