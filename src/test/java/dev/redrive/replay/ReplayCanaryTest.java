package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Content;
import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Eventually;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a job does before it sends all of its letters: it shows, it refuses, it tries a few. */
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
    void aPreviewSaysWhatWouldGoWhereWhatStaysAndWhatToKnowAndChangesNothing() throws Exception {
        var topic = desk.rig.topic(2, Map.of("cleanup.policy", "compact", "max.message.bytes", "2000"));
        desk.rig.letters.addAll(List.of(
                ReplayJobDesk.letter(topic, "a", 1, "old"),
                ReplayJobDesk.letter(topic, "a", 2, "new"),
                ReplayJobDesk.letter(topic, "b", 3, "x".repeat(3_000))));
        var empty = desk.rig.letters.add(new Letter(topic).withoutPayload());
        desk.commit("orders-svc", topic, 0, 0);
        desk.commit("billing-" + topic, topic, 0, 0);
        var selection = desk.select("is:open");
        var path = "/api/v1/selections/" + selection.getString("id") + "/previews";
        var preview = desk.api.post(path, new JsonObject()).bodyAsJsonObject();
        assertThat(preview.getJsonObject("looked"))
                .isEqualTo(new JsonObject().put("value", 4).put("relation", "eq"));
        assertThat(preview.getLong("willSend")).isEqualTo(3);
        assertThat(preview.getJsonArray("leftOut"))
                .containsExactly(new JsonObject()
                        .put("why", "does not hold what failed")
                        .put("letters", 1)
                        .put("sample", new JsonArray().add(Long.toString(empty))));
        var target = preview.getJsonArray("targets").getJsonObject(0);
        assertThat(target.getString("topic")).isEqualTo(topic);
        assertThat(target.getLong("letters")).isEqualTo(3);
        assertThat(target.getJsonArray("groups")).contains("orders-svc", "billing-" + topic);
        assertThat(preview.getJsonArray("warnings").stream()
                        .map(JsonObject.class::cast)
                        .map(warning -> warning.getString("kind") + " " + warning.getLong("letters")))
                .containsExactly("newer-key 1", "too-large 1", "compacted 3", "readers 3");
        assertThat(desk.count("letter_state WHERE status = 'open'")).isEqualTo(4);
        assertThat(desk.count("replay")).isZero();
        assertThat(desk.api
                        .post(path, new JsonObject().put("options", new JsonObject().put("rate", -1)))
                        .statusCode())
                .isEqualTo(400);
    }

    private JsonObject preview(JsonObject selection, JsonObject options) throws Exception {
        var answer = desk.api.post(
                "/api/v1/selections/" + selection.getString("id") + "/previews",
                new JsonObject().put("options", options));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private static List<String> warnings(JsonObject preview) {
        return preview.getJsonArray("warnings").stream()
                .map(JsonObject.class::cast)
                .map(warning -> warning.getString("kind") + " " + warning.getLong("letters"))
                .toList();
    }

    @Test
    void aPreviewKnowsThatAJobLeavesOutWhatSomebodyChangedSince() throws Exception {
        var topic = desk.rig.topic(1);
        var ids = desk.rig.letters.addAll(
                List.of(ReplayJobDesk.letter(topic, "a", 1, "one"), ReplayJobDesk.letter(topic, "b", 2, "two")));
        var selection = desk.select("is:open");
        desk.rig.execute(
                "UPDATE letter_state SET tags = '{vip}', version = version + 1 WHERE letter_id = $1", ids.get(0));
        var preview = preview(selection, new JsonObject());
        assertThat(preview.getLong("willSend")).isEqualTo(1);
        assertThat(preview.getJsonArray("leftOut"))
                .containsExactly(new JsonObject()
                        .put("why", "changed after the selection was frozen")
                        .put("letters", 1)
                        .put("sample", new JsonArray().add(Long.toString(ids.get(0)))));
    }

    @Test
    @DisplayName("What a warning is true of is counted by the preview, and left out by preview and job alike")
    void leavesOutWhatAWarningIsTrueOf() throws Exception {
        var topic = desk.rig.topic(2, Map.of("max.message.bytes", "2000"));
        desk.rig.letters.addAll(List.of(
                ReplayJobDesk.letter(topic, "a", 1, "old"),
                ReplayJobDesk.letter(topic, "a", 2, "new"),
                ReplayJobDesk.letter(topic, "b", 3, "x".repeat(3_000)),
                ReplayJobDesk.letter(topic, "d", 4, "came from partition 0, and its key says 1")));
        var selection = desk.select("is:open");
        assertThat(warnings(preview(selection, new JsonObject())))
                .containsExactly("newer-key 1", "other-partition 1", "too-large 1");
        var options = new JsonObject()
                .put("skip", new JsonArray().add("newer-key").add("too-large").add("other-partition"));
        var preview = preview(selection, options);
        assertThat(preview.getLong("willSend")).isEqualTo(1);
        assertThat(warnings(preview)).as("the old one stays open").containsExactly("earlier-key 1");
        var ordered = desk.order(selection, options);
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(ended.getString("state")).as(ended.encode()).isEqualTo("succeeded");
        assertThat(desk.rig.topics().read(topic)).hasSize(1);
        var why = List.of(
                "has a newer letter of its key",
                "is larger than its target takes",
                "would go to another partition than it came from");
        assertThat(desk.items(ordered, "skipped"))
                .extracting(item -> item.getString("detail"))
                .containsExactlyInAnyOrderElementsOf(why);
        assertThat(preview.getJsonArray("leftOut").stream().map(left -> ((JsonObject) left).getString("why")))
                .containsExactlyInAnyOrderElementsOf(why);
    }

    @Test
    @DisplayName(
            "A letter of whose key the target holds a newer record is counted by the preview and left out by the job")
    void leavesOutWhatWouldComeBehindANewerRecord() throws Exception {
        var topic = desk.rig.topic(1);
        for (var key : List.of("a", "b", "a")) {
            desk.rig.topics().produce(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), new byte[] {1}));
        }
        desk.rig.letters.addAll(List.of(
                ReplayJobDesk.letter(topic, "a", 0, "old"),
                ReplayJobDesk.letter(topic, "b", 1, "the newest of its key"),
                ReplayJobDesk.letter(topic, null, 2, "of no key"),
                new Letter(topic)
                        .content("envelope", "{}")
                        .unwrapped(new Content(Buffer.buffer("a"), Buffer.buffer("inside"), List.of()))));
        var selection = desk.select("is:open");
        var preview = preview(selection, new JsonObject());
        assertThat(warnings(preview)).containsExactly("newer-record 1");
        assertThat(preview.getJsonObject("compared"))
                .isEqualTo(new JsonObject().put("letters", 2).put("of", 3).put("newest", 2_000));
        var options = new JsonObject().put("skip", new JsonArray().add("newer-record"));
        assertThat(preview(selection, options).getLong("willSend")).isEqualTo(2);
        var ordered = desk.order(selection, options);
        desk.work().serve();
        assertThat(desk.ended(ordered).getString("state")).isEqualTo("succeeded");
        assertThat(desk.items(ordered, "skipped"))
                .extracting(item -> item.getString("detail"))
                .containsExactlyInAnyOrder(
                        "has a newer record of its key in its target",
                        "could not be compared with the newest records of its target");
        assertThat(desk.rig.topics().read(topic)).hasSize(5);
    }

    @Test
    void lettersOfCompactedAndOfSharedTopicsCanBeLeftOut() throws Exception {
        var compacted = desk.rig.topic(1, Map.of("cleanup.policy", "compact"));
        var shared = desk.rig.topic(1);
        desk.rig.letters.addAll(
                List.of(ReplayJobDesk.letter(compacted, "a", 1, "one"), ReplayJobDesk.letter(shared, "b", 2, "two")));
        desk.commit("orders-svc", shared, 0, 0);
        desk.commit("billing-" + shared, shared, 0, 0);
        var options =
                new JsonObject().put("skip", new JsonArray().add("compacted").add("readers"));
        var ordered = desk.order(desk.select("is:open"), options);
        desk.work().serve();
        assertThat(desk.ended(ordered).getJsonObject("counters").getLong("skipped"))
                .isEqualTo(2);
        assertThat(desk.items(ordered, "skipped"))
                .extracting(item -> item.getString("detail"))
                .containsExactlyInAnyOrder(
                        "would go to a compacted topic", "would be seen by more than one consumer group");
    }

    @Test
    void saysThatLettersWouldOvertakeAnEarlierOneThatIsNotAmongThem() throws Exception {
        var topic = desk.rig.topic(1);
        var ids = desk.rig.letters.addAll(List.of(
                ReplayJobDesk.letter(topic, "a", 1, "first"),
                ReplayJobDesk.letter(topic, "a", 2, "second"),
                ReplayJobDesk.letter(topic, "a", 3, "third")));
        assertThat(warnings(preview(desk.select(ids), new JsonObject()))).containsExactly("newer-key 2");
        assertThat(warnings(preview(desk.select(ids.subList(1, 3)), new JsonObject())))
                .containsExactly("newer-key 1", "earlier-key 1");
        desk.rig.execute("UPDATE letter_state SET status = 'discarded' WHERE letter_id = $1", ids.get(0));
        assertThat(warnings(preview(desk.select(ids.subList(1, 3)), new JsonObject())))
                .containsExactly("newer-key 1");
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
