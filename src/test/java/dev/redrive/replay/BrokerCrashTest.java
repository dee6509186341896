package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The broker dies under the lanes, or cannot be reached. It is a broker of its own, with one replica of everything. */
class BrokerCrashTest {

    private static final int KILLS = 2;
    private static final int REPLAYS = 100;

    private static Broker broker;

    @BeforeAll
    static void open() {
        broker = Broker.behindANetwork();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @Test
    @DisplayName("F-08: a broker killed while replays run loses none and doubles none (2 kills, 100 replays)")
    void commitsEachReplayOnce() {
        try (var rig = ReplayRig.on(broker, Postgres.shared().freshDatabase(), Duration.ofSeconds(2), 2)) {
            var topic = rig.topic(3);
            var asked = new ArrayList<String>();
            for (int kill = 0; kill < KILLS; kill++) {
                rig.stopServing();
                asked.addAll(ask(rig, topic, REPLAYS / KILLS));
                var settled = count(rig, "done");
                rig.serve();
                Eventually.until(
                        Duration.ofSeconds(60),
                        "a lane to send",
                        () -> count(rig, "sending") > 0 || count(rig, "done") > settled);
                broker.kill();
                broker.start();
            }
            Eventually.until(Duration.ofSeconds(120), "all to be done", () -> count(rig, "done") == REPLAYS);
            // A broker that starts again writes the marks of what was committed a moment after it said so.
            Eventually.untilAsserted(
                    Duration.ofSeconds(60),
                    () -> assertThat(rig.topics().read(topic))
                            .extracting(record -> new String(
                                    record.headers()
                                            .lastHeader(ProvenanceHeaders.REPLAY_ID)
                                            .value(),
                                    UTF_8))
                            .containsExactlyInAnyOrderElementsOf(asked));
        }
    }

    @Test
    @DisplayName("F-09: a network that swallows the commit leaves the replay in doubt, and then it is done once")
    void findsOutWhatBecameOfACommitWithoutAnAnswer() {
        try (var rig = ReplayRig.on(broker, Postgres.shared().freshDatabase(), Duration.ofSeconds(30), 1)) {
            var topic = rig.topic(1);
            var replay = rig.replay(rig.letters.add(new Letter(topic))).id();
            try (var child = LaneProcess.start(rig, "replay.receipts-sent:sleep=6000@1")) {
                Eventually.until(
                        Duration.ofSeconds(40),
                        "a commit that is about to be sent",
                        () -> child.output().contains("Failpoint replay.receipts-sent"));
                broker.cutNetwork();
                Eventually.until(
                        Duration.ofSeconds(90),
                        "the commit to run out of time",
                        () -> child.output().contains("sends nothing for now"));
                assertThat(rig.find(replay).state()).isEqualTo(ReplayState.SENDING);
                broker.mendNetwork();
                assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.DONE);
            }
            Eventually.untilAsserted(
                    Duration.ofSeconds(60),
                    () -> assertThat(rig.topics().read(topic, IsolationLevel.READ_COMMITTED))
                            .hasSize(1));
        }
    }

    private static List<String> ask(ReplayRig rig, String topic, int count) {
        var letters = rig.letters.addAll(IntStream.range(0, count)
                .mapToObj(i -> new Letter(topic).content("key-" + i, "value"))
                .toList());
        return letters.stream().map(id -> rig.replay(id).id().toString()).toList();
    }

    private static long count(ReplayRig rig, String state) {
        return rig.row("SELECT count(*) AS n FROM replay WHERE state = $1", state)
                .getLong("n");
    }
}
