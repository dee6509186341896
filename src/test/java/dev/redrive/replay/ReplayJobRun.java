package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;

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
                    new Letter(topic).content("key-" + key, "{\"n\":1.0}").origin(0, (long) key));
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

    void awaitEnd(Duration patience) {
        Eventually.until(patience, "the end of the job", this::hasEnded);
    }

    /**
     * What the target, the database and the counters say about a job that has ended.
     *
     * @param committed records that consumers at read_committed meet
     * @param lost letters without one
     * @param twice letters with more than one
     * @param outOfOrder keys whose records are not in the order of their origin
     * @param unsettled replays that are not done, and letters that do not say that they were replayed
     * @param copies aborted copies that consumers at read_uncommitted may have met
     * @param unreported those of them that no replay tells of
     * @param state of the job, with its counters where they do not add up
     */
    record Verdict(
            int committed,
            int lost,
            int twice,
            int outOfOrder,
            long unsettled,
            int copies,
            int unreported,
            String state) {

        boolean isClean() {
            return lost == 0
                    && twice == 0
                    && outOfOrder == 0
                    && unsettled == 0
                    && unreported == 0
                    && state.equals("succeeded");
        }
    }

    /** Every letter is committed once, none is lost, none is in doubt, keys kept their order, and the counters say so. */
    void provenOnce() throws Exception {
        var verdict = verdict();
        assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        assertThat(verdict.committed()).isEqualTo(letters);
    }

    Verdict verdict() throws Exception {
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
        var distinct = new HashSet<>(met);
        var lost = new HashSet<>(origins.keySet());
        lost.removeAll(distinct);
        var copies = copies();
        return new Verdict(
                met.size(),
                lost.size(),
                met.size() - distinct.size(),
                (int) byKey.values().stream()
                        .filter(offsets -> !isSorted(offsets))
                        .count(),
                unsettled(),
                copies.size(),
                (int) copies.stream().filter(copy -> !isReported(copy)).count(),
                stateOrCounters());
    }

    private static boolean isSorted(List<Long> offsets) {
        return offsets.equals(offsets.stream().sorted().toList());
    }

    private String stateOrCounters() throws Exception {
        var ended = job();
        var counters = ended.getJsonObject("counters");
        boolean adds = Objects.equals(counters.getInteger("sent"), letters) && counters.getInteger("gone") == 0;
        return adds ? ended.getString("state") : ended.getString("state") + " " + counters.encode();
    }

    private long unsettled() {
        long replays = desk.rig
                .row("SELECT count(*) AS n FROM replay WHERE target_topic = $1 AND state <> 'done'", topic)
                .getLong("n");
        return replays
                + desk.rig
                        .row(
                                "SELECT count(*) AS n FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id "
                                        + "WHERE d.origin_topic = $1 AND s.status <> 'replayed'",
                                topic)
                        .getLong("n");
    }

    /** What lies in the target beside the committed records. */
    private List<ConsumerRecord<byte[], byte[]>> copies() {
        var committed = desk.rig.topics().read(topic).stream()
                .map(ReplayJobRun::placeOf)
                .collect(Collectors.toSet());
        return desk.rig.topics().read(topic, IsolationLevel.READ_UNCOMMITTED).stream()
                .filter(record -> !committed.contains(placeOf(record)))
                .toList();
    }

    private boolean isReported(ConsumerRecord<byte[], byte[]> copy) {
        var id = new String(
                copy.headers().lastHeader(ProvenanceHeaders.REPLAY_ID).value(), UTF_8);
        var replay = desk.rig.find(UUID.fromString(id));
        return replay.abortedCopyUnknown() || replay.abortedCopies().contains(placeOf(copy));
    }

    private static Replay.Place placeOf(ConsumerRecord<byte[], byte[]> record) {
        return new Replay.Place(record.partition(), record.offset());
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
