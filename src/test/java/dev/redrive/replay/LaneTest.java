package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Header;
import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static ReplayRig rig;

    @BeforeAll
    static void start() {
        rig = ReplayRig.start().serve();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void sendsTheBytesOfTheLetterWithItsHeadersInOrderAndOursBehindThem() {
        var topic = rig.topic(3);
        var letter = rig.letters.add(new Letter(topic)
                .content(
                        "cust-1",
                        "{\"amount\": 1.0}",
                        new Header("a", Buffer.buffer("1")),
                        new Header("kafka_dlt-original-topic", Buffer.buffer("orders")),
                        new Header("none", null),
                        new Header("a", Buffer.buffer("2")),
                        new Header("redrive-attempt", Buffer.buffer("7")),
                        new Header("kafka_dlt-original-topic-not", Buffer.buffer("kept")))
                .drops("kafka_dlt-original-topic"));
        var replay = rig.settled(rig.replay(letter).id());
        assertThat(replay.state()).isEqualTo(ReplayState.DONE);
        assertThat(replay.mode()).isEqualTo(Mode.STRICT);
        assertThat(replay.outcome()).isEqualTo("sent");
        assertThat(rig.statusOf(letter)).isEqualTo("replayed");
        var records = rig.topics().read(topic);
        assertThat(records).hasSize(1);
        var record = records.get(0);
        assertThat(replay.sent()).isEqualTo(new Replay.Place(record.partition(), record.offset()));
        assertThat(new String(record.value(), UTF_8)).isEqualTo("{\"amount\": 1.0}");
        assertThat(headers(record))
                .containsExactly(
                        "a=1",
                        "none=null",
                        "a=2",
                        "kafka_dlt-original-topic-not=kept",
                        "redrive-replay-id=" + replay.id(),
                        "redrive-letter=" + letter,
                        "redrive-attempt=1");
        rig.awaitCount("redrive.replays", topic, "result", "sent", 1);
        assertThat(rig.registry.get("redrive.replay.duration").timer().count()).isPositive();
    }

    @Test
    void sendsATombstoneAsOneAndARecordWithoutAKeyWithoutOne() {
        var topic = rig.topic(3);
        var tombstone = rig.letters.add(new Letter(topic).content("gone", null));
        var keyless = rig.letters.add(new Letter(topic).content(null, ""));
        rig.settled(rig.replay(tombstone).id());
        rig.settled(rig.replay(keyless).id());
        assertThat(rig.topics().read(topic))
                .extracting(
                        record -> record.key() == null ? null : new String(record.key(), UTF_8),
                        record -> record.value() == null ? null : new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("gone", null),
                        org.assertj.core.groups.Tuple.tuple(null, ""));
    }

    @Test
    void choosesThePartitionThatAProducerWouldTakeForTheKey() {
        var topic = rig.topic(7);
        for (var key : List.of("a", "b", "cust-4711", "ß")) {
            var byProducer = rig.topics().produce(topic, key.getBytes(UTF_8), new byte[0]);
            var letter = rig.letters.add(new Letter(topic).content(key, "x"));
            var sent = rig.settled(rig.replay(letter).id()).sent();
            assertThat(sent).isNotNull().extracting(Replay.Place::partition).isEqualTo(byProducer.partition());
        }
    }

    @Test
    void sendsWhatTheEnvelopeHeld() {
        var topic = rig.topic(1);
        var letter = rig.letters.add(new Letter(topic)
                .content("k", "{\"envelope\":true}")
                .unwrapped(new dev.redrive.letter.Content(Buffer.buffer("inner"), Buffer.buffer("inside"), List.of())));
        rig.settled(rig.replay(letter).id());
        var record = rig.topics().read(topic).get(0);
        assertThat(new String(record.key(), UTF_8)).isEqualTo("inner");
        assertThat(new String(record.value(), UTF_8)).isEqualTo("inside");
    }

    @Test
    void keepsTheOrderOfOneKeyOverManyLetters() {
        var topic = rig.topic(4);
        var ids = rig.letters.addAll(IntStream.range(0, 60)
                .mapToObj(i -> new Letter(topic).content("same", "n" + i))
                .toList());
        var replays = ids.stream().map(id -> rig.replay(id).id()).toList();
        replays.forEach(rig::settled);
        assertThat(rig.topics().read(topic))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 60).mapToObj(i -> "n" + i).toList());
    }

    @Test
    void failsOnlyTheRecordThatIsRefused() {
        var topic = rig.topic(1, Map.of("message.timestamp.before.max.ms", "3600000"));
        var good = rig.letters.add(new Letter(topic).content("same", "good"));
        var old = rig.letters.add(new Letter(topic).content("same", "old"));
        var alsoGood = rig.letters.add(new Letter(topic).content("same", "also good"));
        rig.stopServing();
        var first = rig.replay(good).id();
        // The broker, not our check, refuses a timestamp of 2023.
        var second = rig.replay(ReplayRig.ask(old, Source.ORIGINAL, new Target(null, Partitioning.KEY, null, true)))
                .id();
        var third = rig.replay(alsoGood).id();
        rig.serve();
        assertThat(rig.settled(first).state()).isEqualTo(ReplayState.DONE);
        assertThat(rig.settled(third).state()).isEqualTo(ReplayState.DONE);
        var refused = rig.settled(second);
        assertThat(refused.state()).isEqualTo(ReplayState.FAILED);
        assertThat(refused.error()).contains("refused");
        assertThat(rig.statusOf(old)).isEqualTo("open");
        rig.awaitCount("redrive.replays", topic, "result", "failed", 1);
        rig.awaitCount("redrive.replays", topic, "result", "sent", 2);
        assertThat(rig.topics().read(topic))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("good", "also good");
    }

    @Test
    void failsOnlyTheRecordThatIsRefusedOfABatchThatGoesInParts() {
        var topic = rig.topic(1, Map.of("message.timestamp.before.max.ms", "600000"));
        rig.stopServing();
        var good = IntStream.range(0, 50)
                .mapToObj(n -> ask(new Letter(topic).content("same", "n" + n), 0, false))
                .toList();
        var old = ask(new Letter(topic).content("same", "old"), 0, true);
        var behind = IntStream.range(50, 70)
                .mapToObj(n -> ask(new Letter(topic).content("same", "n" + n), 0, false))
                .toList();
        rig.serve();
        assertThat(rig.settled(old).state()).isEqualTo(ReplayState.FAILED);
        Stream.concat(good.stream(), behind.stream())
                .forEach(replay -> assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.DONE));
        assertThat(rig.topics().read(topic))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 70).mapToObj(n -> "n" + n).toList());
    }

    @Test
    void reportsTheCopiesOfABatchThatWasAbortedForOneRecord() {
        var topic = rig.topic(2, Map.of("message.timestamp.before.max.ms", "3600000"));
        rig.stopServing();
        var good = IntStream.range(0, 8)
                .mapToObj(n -> ask(new Letter(topic).content("key-" + n, "good"), 0, false))
                .toList();
        // The client sends to the partition first that it heard of first, so the good ones lie in the log before the
        // old.
        ask(new Letter(topic).content("old", "old"), 1, true);
        rig.serve();
        var reported = good.stream()
                .map(rig::settled)
                .flatMap(replay -> replay.abortedCopies().stream())
                .toList();
        var committed = places(topic, IsolationLevel.READ_COMMITTED);
        assertThat(committed).hasSize(8);
        var copies = new ArrayList<>(places(topic, IsolationLevel.READ_UNCOMMITTED));
        copies.removeAll(committed);
        assertThat(copies).isNotEmpty();
        assertThat(reported).containsExactlyInAnyOrderElementsOf(copies);
    }

    @Test
    void letsOnlyTheOwnerOfALaneSayThatASearchIsDone() {
        rig.stopServing();
        var replay = ask(new Letter(rig.topic(1)), 0, false);
        rig.execute("UPDATE replay SET copy_search_due = true WHERE id = $1", replay);
        var row = rig.row("""
                SELECT r.cluster_id, r.lane, l.fence FROM replay r
                  JOIN replay_lane l ON l.cluster_id = r.cluster_id AND l.lane = r.lane
                WHERE r.id = $1""", replay);
        var lane = new LaneId(UUID.randomUUID(), row.getShort("cluster_id"), "", row.getInteger("lane"));
        var copies = LaneStores.on(rig.pool, ReplayRig.WINDOW, rig.metrics).copies();
        ReplayRig.await(copies.report(lane, row.getLong("fence") - 1, List.of(), List.of(replay)));
        assertThat(rig.find(replay).abortedCopyUnknown()).isTrue();
        ReplayRig.await(copies.report(lane, row.getLong("fence"), List.of(), List.of(replay)));
        assertThat(rig.find(replay).abortedCopyUnknown()).isFalse();
        rig.serve();
        assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.DONE);
    }

    private static UUID ask(Letter letter, int partition, boolean originalTimestamp) {
        var target = new Target(null, Partitioning.FIXED, partition, originalTimestamp);
        return rig.replay(ReplayRig.ask(rig.letters.add(letter), Source.ORIGINAL, target))
                .id();
    }

    private static List<Replay.Place> places(String topic, IsolationLevel isolation) {
        return rig.topics().read(topic, isolation).stream()
                .map(record -> new Replay.Place(record.partition(), record.offset()))
                .toList();
    }

    @Test
    @DisplayName("L-30: a target that was deleted and created again gets nothing")
    void refusesATargetThatWasCreatedAgain() {
        var topic = rig.topic(1);
        var letter = rig.letters.add(new Letter(topic));
        rig.stopServing();
        var replay = rig.replay(letter).id();
        rig.topics().deleteTopic(topic);
        rig.topics().createTopic(topic, 1);
        rig.serve();
        var failed = rig.settled(replay);
        assertThat(failed.state()).isEqualTo(ReplayState.FAILED);
        assertThat(failed.error()).contains("topic changed");
        assertThat(rig.statusOf(letter)).isEqualTo("open");
        assertThat(rig.topics().read(topic)).isEmpty();
    }

    @Test
    @DisplayName("B-15: a record that our headers make too large fails before it is sent, and fits without them")
    void refusesARecordThatTheHeadersMakeTooLarge() {
        var topic = rig.topic(1, Map.of("max.message.bytes", "5000"));
        // 61 bytes of the batch, 10 of the record around key and value: exactly the limit.
        var value = "x".repeat(5000 - 61 - 10 - "key".length());
        var letter = rig.letters.add(new Letter(topic).content("key", value));
        rig.topics().produce(topic, "key".getBytes(UTF_8), value.getBytes(UTF_8));
        var failed = rig.settled(rig.replay(letter).id());
        assertThat(failed.state()).isEqualTo(ReplayState.FAILED);
        assertThat(failed.error()).contains("too large by ");
        assertThat(rig.topics().read(topic)).hasSize(1);
        assertThat(rig.statusOf(letter)).isEqualTo("open");
        var bare = rig.replay(ReplayRig.ask(letter, Source.ORIGINAL, null, Outgoing.WITHOUT_HEADERS));
        assertThat(rig.settled(bare.id()).state()).isEqualTo(ReplayState.DONE);
        var records = rig.topics().read(topic);
        assertThat(records).hasSize(2);
        assertThat(records.get(1).headers()).isEmpty();
    }

    private static List<String> headers(ConsumerRecord<byte[], byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + "=" + (header.value() == null ? null : new String(header.value(), UTF_8)))
                .toList();
    }
}
