package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that replay what a program made of their letters. */
class TransformedReplayTest {

    private static final String PROGRAM = ".amount |= tonumber | del(.coupon)";

    private ReplayJobDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new ReplayJobDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static JsonObject transform(String program) {
        return new JsonObject().put("transform", new JsonObject().put("program", program));
    }

    private List<Long> letters(String topic, int count) {
        var letters = new ArrayList<Letter>();
        for (int i = 0; i < count; i++) {
            letters.add(new Letter(topic)
                    .content(
                            "k" + i,
                            "{ \"id\": 900719925474099%d,\"amount\":\"%d.50\", \"coupon\":\"X\" }".formatted(i % 10, i))
                    .origin(0, (long) i));
        }
        return desk.rig.letters.addAll(letters);
    }

    private Content stored(long letter) {
        return ReplayRig.await(LetterContentStore.content(desk.rig.pool, letter))
                .orElseThrow()
                .original();
    }

    @Test
    void sendsWhatTheProgramMakesAndKeepsTheLettersAsTheyCame() throws Exception {
        var topic = desk.rig.topic(2);
        var ids = letters(topic, 30);
        var broken = desk.rig.letters.add(new Letter(topic).content("broken", "{\"amount\":\"12,50\"}"));
        var text = desk.rig.letters.add(new Letter(topic).content("text", "not json"));
        var same = desk.rig.letters.add(new Letter(topic).content("same", "{ \"amount\" : 7.0 }"));
        var before = new HashMap<Long, Content>();
        ids.forEach(id -> before.put(id, stored(id)));
        var ordered = desk.order(desk.select("is:open origin:" + topic), transform(PROGRAM));
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(ended.getString("state")).as(ended.encode()).isEqualTo("succeeded-with-failures");
        assertThat(ended.getJsonObject("counters").getLong("sent")).isEqualTo(31);

        var values = new HashMap<String, String>();
        desk.rig
                .topics()
                .read(topic)
                .forEach(record -> values.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8)));
        for (int i = 0; i < 30; i++) {
            assertThat(values)
                    .containsEntry("k" + i, "{\"id\":900719925474099%d,\"amount\":%d.50}".formatted(i % 10, i));
        }
        assertThat(values).hasSize(31).containsEntry("same", "{ \"amount\" : 7.0 }");
        ids.forEach(id -> assertThat(stored(id)).isEqualTo(before.get(id)));
        assertThat(desk.items(ordered, "failed"))
                .extracting(item -> item.getString("letterId") + " " + item.getString("detail"))
                .satisfiesExactlyInAnyOrder(
                        number -> assertThat(number)
                                .isEqualTo(broken + " was not transformed: its value is refused by the program"),
                        none -> assertThat(none).isEqualTo(text + " was not transformed: its value is not JSON"));
        assertThat(desk.rig.statusOf(broken)).isEqualTo("open");
        assertThat(desk.count("replay WHERE source = 'original' AND letter_id = " + same))
                .isEqualTo(1);
        approvedAndKept(ids.get(3));
    }

    /** The replay approves the hash of exactly what was kept and sent, with who ordered it and why. */
    private void approvedAndKept(long letter) {
        var row = desk.rig.row(
                "SELECT r.source, r.content_hash, d.value, d.key, d.current, d.author, d.reason FROM replay r "
                        + "JOIN draft d ON d.id = r.draft_id WHERE r.letter_id = $1",
                letter);
        assertThat(row.getString("source")).isEqualTo("transform");
        assertThat(row.getBoolean("current")).isFalse();
        assertThat(row.getString("reason")).isEqualTo("INC-4711");
        assertThat(row.getString("author")).isNotEmpty();
        var content = new Content(
                row.getBuffer("key"), row.getBuffer("value"), stored(letter).headers());
        assertThat(row.getBuffer("content_hash")).isEqualTo(ContentCodec.hash(content));
        assertThat(desk.count("audit_event WHERE action = 'job-created' AND details->'transform'->>'program' = '"
                        + PROGRAM + "'"))
                .isEqualTo(1);
    }

    @Test
    void saysBeforehandWhatItWouldDoAndDoesNothingWithABadProgram() throws Exception {
        var topic = desk.rig.topic(1);
        var ids = letters(topic, 8);
        desk.rig.letters.add(new Letter(topic).content("text", "not json"));
        desk.rig.letters.add(new Letter(topic).content("same", "{\"amount\":7}"));
        desk.rig.execute(
                "INSERT INTO draft (letter_id, version, headers, content_hash, author, value) "
                        + "SELECT id, 1, headers, content_hash, 'ana', value FROM dead_letter WHERE id = $1",
                ids.get(0));
        var selection = desk.select("is:open origin:" + topic);
        var preview = preview(selection, PROGRAM);
        var trial = preview.getJsonObject("transform");
        assertThat(trial.getJsonObject("tried").encode()).isEqualTo("{\"value\":9,\"relation\":\"eq\"}");
        assertThat(trial.getInteger("changed")).isEqualTo(7);
        assertThat(trial.getInteger("unchanged")).isEqualTo(1);
        assertThat(trial.getInteger("failed")).isEqualTo(1);
        assertThat(trial.getJsonArray("samples")).hasSize(6);
        assertThat(trial.getJsonArray("samples").encode())
                .contains("was not transformed: its value is not JSON", "/coupon", "dropped");
        assertThat(preview.getJsonArray("leftOut").encode()).contains("has a draft");

        var answer = desk.api.post(
                "/api/v1/selections/" + selection.getString("id") + "/previews",
                new JsonObject().put("options", transform(".amount |= tonumbr")));
        assertThat(answer.statusCode()).isEqualTo(422);
        var error = answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0);
        assertThat(error.getInteger("position")).isEqualTo(11);
        assertThat(error.getString("detail")).isEqualTo("There is no function tonumbr/0");
        assertThat(desk.order(selection, transform(".a |"), "bad-program").statusCode())
                .isEqualTo(422);
        assertThat(desk.count("job")).isZero();
    }

    private JsonObject preview(JsonObject selection, String program) throws Exception {
        var answer = desk.api.post(
                "/api/v1/selections/" + selection.getString("id") + "/previews",
                new JsonObject().put("options", transform(program)));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    @Test
    void leavesOutWhatIsNotChangedWhereThatIsAskedFor() throws Exception {
        var topic = desk.rig.topic(1);
        letters(topic, 2);
        var same = desk.rig.letters.add(new Letter(topic).content("same", "{\"amount\":7}"));
        var options = transform(PROGRAM);
        options.getJsonObject("transform").put("unchanged", "skip");
        var ordered = desk.order(desk.select("is:open origin:" + topic), options);
        desk.work().serve();
        assertThat(desk.ended(ordered).getJsonObject("counters").getLong("sent"))
                .isEqualTo(2);
        assertThat(desk.items(ordered, "skipped"))
                .extracting(item -> item.getString("letterId") + " " + item.getString("detail"))
                .containsExactly(same + " is not changed by the program");
    }
}
