package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays whose owner died, on clusters where transactions cannot prove what became of them. */
class LostProofTest {

    private static final FallbackRecovery.Patience SHORT =
            new FallbackRecovery.Patience(Duration.ofMillis(100), Duration.ofMillis(100));

    private ReplayRig rig;

    @BeforeEach
    void start() {
        rig = ReplayRig.on(Broker.shared(), Postgres.shared().freshDatabase(), Duration.ofSeconds(5), 1);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void fallbackFindsWhatItsPredecessorSent() {
        var topic = rig.topic(1);
        var replay = inDoubt(topic);
        var sent = rig.topics()
                .produce(
                        topic,
                        "key".getBytes(UTF_8),
                        "v".getBytes(UTF_8),
                        BrokerTopics.header(
                                ProvenanceHeaders.REPLAY_ID, replay.toString().getBytes(UTF_8)));
        rig.serve(SHORT, Mode.FALLBACK);
        assertThat(rig.settled(replay).sent()).isEqualTo(new Replay.Place(0, sent.offset()));
        assertThat(rig.topics().read(topic)).hasSize(1);
    }

    @Test
    void fallbackSendsAgainWhatIsCertainlyAbsentAndSaysSo() {
        var topic = rig.topic(1);
        var replay = inDoubt(topic);
        rig.serve(SHORT, Mode.FALLBACK);
        var done = rig.settled(replay);
        assertThat(done.state()).isEqualTo(ReplayState.DONE);
        assertThat(done.mode()).isEqualTo(Mode.FALLBACK);
        assertThat(done.possibleDuplicate()).isTrue();
        assertThat(rig.topics().read(topic)).hasSize(1);
    }

    @Test
    void fallbackIsUncertainWhereTheTargetForgetsAndSendsNothing() {
        var topic = rig.topic(1, Map.of("cleanup.policy", "compact"));
        var replay = inDoubt(topic);
        rig.serve(SHORT, Mode.FALLBACK);
        assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.UNCERTAIN);
        assertThat(rig.topics().read(topic)).isEmpty();
    }

    @Test
    void aLaneWhoseReceiptsTopicIsAnotherOneIsOnHold() {
        var topic = rig.topic(1);
        var replay = inDoubt(topic);
        rig.execute("UPDATE replay_lane SET receipts_topic_id = $1, receipts_next_offset = 0", UUID.randomUUID());
        rig.serve();
        var uncertain = rig.settled(replay);
        assertThat(uncertain.state()).isEqualTo(ReplayState.UNCERTAIN);
        assertThat(uncertain.error()).contains("receipts");
        assertThat(rig.topics().read(topic)).isEmpty();
        // A person saw nothing in the target, sets the lane going and has it sent.
        ReplayRig.await(rig.pool.withTransaction(
                connection -> rig.replays.decide(connection, uncertain, false, "not there", ReplayRig.ANA)));
        rig.execute(
                "UPDATE replay_lane SET health = 'starting', receipts_topic_id = NULL, receipts_next_offset = NULL");
        var sent = rig.settled(replay);
        assertThat(sent.state()).isEqualTo(ReplayState.DONE);
        assertThat(sent.possibleDuplicate()).isTrue();
        assertThat(rig.topics().read(topic)).hasSize(1);
    }

    /** As a process leaves it that died inside the send. */
    private UUID inDoubt(String topic) {
        var letter = rig.letters.add(new Letter(topic).content("key", "v"));
        var replay = rig.replay(letter).id();
        rig.execute("""
                UPDATE replay SET state = 'sending', fence = 1, attempt = 1, target_partition = 0, pre_send_end = 0
                WHERE id = $1""", replay);
        rig.execute("""
                INSERT INTO replay_lane (cluster_id, lane, lease_until)
                SELECT id, 0, now() - interval '1 s' FROM cluster""");
        return replay;
    }
}
