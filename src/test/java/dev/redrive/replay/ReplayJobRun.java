package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A job over copies of a few letters, one of each key, and the proof that each of them was sent once and in order. */
final class ReplayJobRun {

    private static final int KEYS = 10;

    private final ReplayJobDesk desk;
    private final int letters;
    private final JsonObject ordered;
    final String topic;

    /** @param letters a multiple of 10; all of them open, in a topic of their own */
    ReplayJobRun(ReplayJobDesk desk, int letters, JsonObject options) throws Exception {
        this.desk = desk;
        this.letters = letters;
        this.topic = desk.rig.topic(3);
        for (int key = 0; key < KEYS; key++) {
            long first = desk.rig.letters.add(
                    new Letter(topic).content("key-" + key, "value").origin(0, (long) key));
            desk.rig.letters.copy(first, letters / KEYS - 1, key, KEYS);
        }
        ordered = desk.order(desk.select("is:open origin:" + topic), options);
        assertThat(ordered.getJsonObject("counters").getInteger("total")).isEqualTo(letters);
    }

    JsonObject job() throws Exception {
        return desk.job(ordered);
    }

    boolean hasEnded() throws Exception {
        return job().getString("state").startsWith("succeeded");
    }

    long sent() throws Exception {
        var sent = job().getJsonObject("counters").getLong("sent");
        return sent == null ? 0 : sent;
    }

    void awaitEnd() {
        desk.ended(ordered);
    }

    /** Every letter is committed once, none is lost, none is in doubt, keys kept their order, and the counters say so. */
    void provenOnce() throws Exception {
        var ended = job();
        assertThat(ended.getString("state")).as(ended.encode()).isEqualTo("succeeded");
        assertThat(ended.getJsonObject("counters").getInteger("sent")).isEqualTo(letters);
        assertThat(ended.getJsonObject("counters").getInteger("gone")).isZero();
        var origins = origins();
        assertThat(origins).hasSize(letters);
        Map<String, List<Long>> byKey = new HashMap<>();
        var met = new ArrayList<Long>();
        for (var record : desk.rig.topics().read(topic)) {
            long letter = letterOf(record);
            met.add(letter);
            byKey.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                    .add(origins.getOrDefault(letter, -1L));
        }
        assertThat(met).doesNotHaveDuplicates();
        assertThat(met).containsExactlyInAnyOrderElementsOf(origins.keySet());
        byKey.forEach((key, offsets) -> assertThat(offsets).as(key).isSorted());
        assertThat(desk.rig
                        .row("SELECT count(*) AS n FROM replay WHERE target_topic = $1 AND state <> 'done'", topic)
                        .getLong("n"))
                .isZero();
        assertThat(desk.rig
                        .row(
                                "SELECT count(*) AS n FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id "
                                        + "WHERE d.origin_topic = $1 AND s.status = 'replayed'",
                                topic)
                        .getLong("n"))
                .isEqualTo(letters);
    }

    private Map<Long, Long> origins() {
        var origins = new HashMap<Long, Long>();
        ReplayRig.await(desk.rig
                        .pool
                        .preparedQuery("SELECT id, origin_offset FROM dead_letter WHERE origin_topic = $1")
                        .execute(Tuple.of(topic)))
                .forEach(row -> origins.put(row.getLong("id"), row.getLong("origin_offset")));
        return origins;
    }

    private static long letterOf(ConsumerRecord<byte[], byte[]> record) {
        return Long.parseLong(
                new String(record.headers().lastHeader(ProvenanceHeaders.LETTER).value(), UTF_8));
    }
}
