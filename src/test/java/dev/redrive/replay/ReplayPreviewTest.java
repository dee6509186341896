package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Content;
import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a preview says of a selection, and that the job does what it said. */
class ReplayPreviewTest {

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
}
