package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/replay.md promises at each place of death; {@code -Dreplay.repeats=3 -Dreplay.delays=100} is the full check. */
class LaneCrashTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REPEATS = Integer.getInteger("replay.repeats", 1);
    private static final int DELAYS = Integer.getInteger("replay.delays", 2);
    private static final int LONGEST_DELAY_MILLIS = 50;

    private static ReplayRig rig;
    private static String topic;

    @BeforeAll
    static void start() {
        rig = ReplayRig.on(Broker.shared(), Postgres.shared().freshDatabase(), Duration.ofSeconds(1), 1);
        topic = rig.topic(2);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @DisplayName(
            "L-20: after a death at any place there is one committed record, and every other copy is reported (once a place)")
    @ValueSource(
            strings = {
                "replay.lane-taken",
                "replay.fenced",
                "replay.barrier",
                "replay.receipts-read",
                "replay.reconciled",
                "replay.copies-reported",
                "replay.claimed",
                "replay.checked",
                "replay.placed",
                "replay.begun",
                "replay.target-sent",
                "replay.receipts-sent",
                "replay.commit-asked",
                "replay.committed",
                "replay.settled"
            })
    void sendsOnceWhereverItDies(String failpoint) {
        for (int i = 0; i < REPEATS; i++) {
            var replay = dieAt(failpoint + ":halt");
            provenOnce(replay);
        }
    }

    @ParameterizedTest
    @DisplayName("L-21: receipt and target agree however long after the question for a commit it dies (2 of 100)")
    @MethodSource("delays")
    void receiptAndTargetAgree(int millis) {
        provenOnce(dieAt("replay.commit-asked:sleep=" + millis + ",replay.commit-under-way:halt"));
    }

    /** Spread evenly from 1 ms to the longest. */
    private static IntStream delays() {
        return IntStream.range(0, DELAYS).map(i -> 1 + i * (LONGEST_DELAY_MILLIS - 1) / Math.max(1, DELAYS - 1));
    }

    @Test
    @DisplayName("L-22: an owner that was paused inside the send finds itself fenced when it wakes up")
    void pausedOwnerChangesNothing() {
        var letter = rig.letters.add(new Letter(topic).content("paused", "v"));
        var replay = rig.replay(letter).id();
        try (var child = LaneProcess.start(rig, "replay.receipts-sent:sleep=1500@1")) {
            Eventually.until(
                    PATIENCE,
                    "a copy in the log",
                    () -> !copies(replay, IsolationLevel.READ_UNCOMMITTED).isEmpty());
            child.pause();
            rig.serve();
            var done = rig.settled(replay);
            assertThat(done.attempt()).isEqualTo(2);
            child.resume();
            Eventually.until(
                    PATIENCE,
                    "the old owner to be refused",
                    () -> child.output().contains("sends nothing for now"));
            assertThat(rig.find(replay).sent()).isEqualTo(done.sent());
            assertThat(rig.find(replay).attempt()).isEqualTo(2);
        } finally {
            rig.stopServing();
        }
        assertThat(copies(replay, IsolationLevel.READ_COMMITTED)).hasSize(1);
        assertThat(rig.find(replay).abortedCopies()).hasSize(1);
    }

    @Test
    @DisplayName(
            "F-13 (with a successor, lease of 1 s): the open transaction of a dead owner holds committed readers back for 10 s at most")
    void freesCommittedReaders() {
        var replay = rig.replay(rig.letters.add(new Letter(topic).content("stalled", "v")))
                .id();
        try (var child = LaneProcess.start(rig, "replay.target-sent:halt")) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(137);
        }
        rig.topics().produce(topic, "stalled".getBytes(UTF_8), "behind it".getBytes(UTF_8), header(UUID.randomUUID()));
        assertThat(isReadBehind()).isFalse();
        rig.serve();
        try {
            Eventually.until(Duration.ofSeconds(10), "committed readers to go on", LaneCrashTest::isReadBehind);
            assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.DONE);
        } finally {
            rig.stopServing();
        }
    }

    @ParameterizedTest
    @DisplayName("a record that Kafka cannot take for now is overtaken by none of its partition, and holds up no other")
    @ValueSource(ints = {2, 3})
    void whatIsPutOffKeepsItsPlace(int refusals) {
        var ordered = rig.topic(1);
        var other = rig.topic(1);
        var letters = rig.letters.addAll(List.of(
                new Letter(ordered).content("same", "first"),
                new Letter(ordered).content("same", "second"),
                new Letter(other).content("same", "of another topic")));
        var replays = letters.stream().map(letter -> rig.replay(letter).id()).toList();
        // Of the batch, of the first record alone, and of its second try.
        try (var child = LaneProcess.start(rig, "replay.target-sent:throw@1.." + refusals)) {
            replays.forEach(rig::settled);
            assertThat(child.output()).contains("Failpoint replay.target-sent");
        }
        assertThat(rig.topics().read(ordered))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("first", "second");
        assertThat(rig.find(replays.get(2)).attempt()).isEqualTo(1);
        assertThat(rig.find(replays.get(0)).attempt()).isEqualTo(refusals - 1);
    }

    @Test
    void whatWaitedBehindARecordIsNotOvertakenEither() {
        var ordered = rig.topic(1);
        var letters = rig.letters.addAll(Stream.of("first", "second", "third")
                .map(value -> new Letter(ordered).content("same", value))
                .toList());
        var first = rig.replay(letters.get(0)).id();
        // As a batch, alone, and once more.
        try (var child = LaneProcess.start(rig, "replay.target-sent:throw@1..3")) {
            awaitTried(first);
            // Put off by itself the second one would be due more than a second behind the first.
            Eventually.until(
                    PATIENCE,
                    "the next try to be near",
                    () -> rig.row(
                                    "SELECT next_try_at < now() + interval '700 ms' AS near FROM replay WHERE id = $1",
                                    first)
                            .getBoolean("near"));
            var second = rig.replay(letters.get(1)).id();
            awaitTried(second);
            rig.settled(first);
            rig.settled(rig.replay(letters.get(2)).id());
            rig.settled(second);
            assertThat(child.isAlive()).isTrue();
        }
        assertThat(rig.topics().read(ordered))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("first", "second", "third");
    }

    private static void awaitTried(UUID replay) {
        Eventually.until(PATIENCE, "a replay to be tried", () -> {
            var now = rig.find(replay);
            return now.attempt() > 0 && now.state() != ReplayState.SENDING;
        });
    }

    @Test
    @DisplayName(
            "L-20: a replay whose owner dies twice between the send and the commit tells of both copies, and another one, whose first copy is deleted before it is found, that there may be one more")
    void tellsOfEachCopyAndDoesNotForgetThatASearchCameToNoEnd() throws Exception {
        var one = rig.topic(1);
        var letters = rig.letters.addAll(List.of(new Letter(topic).content("twice", "v"), new Letter(one)));
        var found = rig.replay(letters.get(0)).id();
        var deleted = rig.replay(letters.get(1)).id();
        dieWithACopy();
        rig.broker
                .admin()
                .deleteRecords(Map.of(new TopicPartition(one, 0), RecordsToDelete.beforeOffset(1)))
                .all()
                .get(20, TimeUnit.SECONDS);
        dieWithACopy();
        var done = settle(found);
        provenOnce(done);
        assertThat(done.abortedCopies()).hasSize(2);
        var unsure = settle(deleted);
        assertThat(unsure.abortedCopies()).hasSize(1);
        assertThat(unsure.abortedCopyUnknown()).isTrue();
    }

    private static void dieWithACopy() {
        try (var child = LaneProcess.start(rig, "replay.receipts-sent:halt")) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(137);
        }
    }

    private static Header header(UUID replay) {
        return BrokerTopics.header(
                ProvenanceHeaders.REPLAY_ID, replay.toString().getBytes(UTF_8));
    }

    private static boolean isReadBehind() {
        return rig.topics().read(topic, IsolationLevel.READ_COMMITTED).stream()
                .anyMatch(record -> new String(record.value(), UTF_8).equals("behind it"));
    }

    /** Asks for a replay, lets a process die with it, and has another one find out. */
    private static Replay dieAt(String failpoints) {
        var letter = rig.letters.add(new Letter(topic).content("key-" + UUID.randomUUID(), "value"));
        var replay = rig.replay(letter).id();
        try (var child = LaneProcess.start(rig, failpoints)) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(137);
        }
        return settle(replay);
    }

    private static Replay settle(UUID replay) {
        rig.serve();
        try {
            return rig.settled(replay);
        } finally {
            rig.stopServing();
        }
    }

    private static void provenOnce(Replay replay) {
        assertThat(replay.state()).isEqualTo(ReplayState.DONE);
        assertThat(rig.statusOf(replay.letterId())).isEqualTo("replayed");
        var committed = copies(replay.id(), IsolationLevel.READ_COMMITTED);
        assertThat(committed).hasSize(1);
        var sent = Objects.requireNonNull(replay.sent());
        assertThat(committed.get(0).partition()).isEqualTo(sent.partition());
        assertThat(committed.get(0).offset()).isEqualTo(sent.offset());
        var others = copies(replay.id(), IsolationLevel.READ_UNCOMMITTED).stream()
                .filter(copy -> copy.offset() != sent.offset())
                .map(copy -> new Replay.Place(copy.partition(), copy.offset()))
                .toList();
        assertThat(replay.abortedCopies()).containsExactlyInAnyOrderElementsOf(others);
        assertThat(replay.abortedCopyUnknown()).isFalse();
    }

    private static List<ConsumerRecord<byte[], byte[]>> copies(UUID replay, IsolationLevel isolation) {
        return rig.topics().read(topic, isolation).stream()
                .filter(record -> new String(
                                record.headers()
                                        .lastHeader(ProvenanceHeaders.REPLAY_ID)
                                        .value(),
                                UTF_8)
                        .equals(replay.toString()))
                .toList();
    }
}
