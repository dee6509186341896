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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
    @DisplayName("L-35: what may have been compacted away is uncertain, and nothing is sent")
    void fallbackIsUncertainWhereTheTargetForgetsAndSendsNothing() {
        var topic = rig.topic(1, Map.of("cleanup.policy", "compact"));
        var replay = inDoubt(topic);
        rig.serve(SHORT, Mode.FALLBACK);
        assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.UNCERTAIN);
        assertThat(rig.topics().read(topic)).isEmpty();
    }

    @Test
    @DisplayName(
            "L-34: a death between the append and our knowing of it is found in the target, and nothing is sent again")
    void fallbackFindsWhatWasSentByAnOwnerThatDied() {
        var topic = rig.topic(1);
        var replay = rig.replay(rig.letters.add(new Letter(topic))).id();
        try (var child = LaneProcess.start(rig, "replay.target-sent:halt", Mode.FALLBACK)) {
            assertThat(child.awaitExit(Duration.ofSeconds(40))).isEqualTo(137);
        }
        assertThat(rig.find(replay).state()).isEqualTo(ReplayState.SENDING);
        rig.serve(SHORT, Mode.FALLBACK);
        var done = rig.settled(replay);
        assertThat(done.state()).isEqualTo(ReplayState.DONE);
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(rig.topics().read(topic)).hasSize(1);
    }

    @Test
    @DisplayName("L-28: where the receipts topic is gone the lane is on hold, and what was in doubt is uncertain")
    void isOnHoldWithoutTheReceiptsTopic() {
        isOnHold(() -> rig.topics().deleteTopic(Receipts.TOPIC), "gone");
    }

    @Test
    @DisplayName("L-29 (deleted, as retention does): receipts gone before they were read are noticed")
    void isOnHoldWhereReceiptsAreMissing() {
        isOnHold(this::forgetReceipts, "Receipts from offset");
    }

    private void isOnHold(Runnable loss, String why) {
        var topic = rig.topic(1);
        rig.serve();
        rig.settled(rig.replay(rig.letters.add(new Letter(topic))).id());
        rig.stopServing();
        var replay = inDoubt(topic);
        var waiting = rig.replay(rig.letters.add(new Letter(topic))).id();
        loss.run();
        rig.serve();
        var uncertain = rig.settled(replay);
        assertThat(uncertain.state()).isEqualTo(ReplayState.UNCERTAIN);
        assertThat(uncertain.error()).contains(why);
        assertThat(rig.holds)
                .hasSize(1)
                .first()
                .satisfies(hold -> assertThat(hold.why()).contains(why));
        assertThat(rig.find(waiting).state()).isEqualTo(ReplayState.QUEUED);
        assertThat(rig.topics().read(topic)).hasSize(1);
        // A person saw nothing in the target, has it sent, and sets the lane going.
        ReplayRig.await(rig.pool.withTransaction(
                connection -> rig.replays.decide(connection, uncertain, false, "not there", ReplayRig.ANA)));
        boolean reset = ReplayRig.await(
                rig.pool.withTransaction(connection -> LaneDeskStore.reset(connection, ReplayRig.CLUSTER, 0)));
        assertThat(reset).isTrue();
        assertThat(rig.settled(replay).possibleDuplicate()).isTrue();
        assertThat(rig.settled(waiting).state()).isEqualTo(ReplayState.DONE);
        assertThat(rig.topics().read(topic)).hasSize(3);
    }

    /** All receipts so far, and one behind them that nobody reads. */
    private void forgetReceipts() {
        var place = new TopicPartition(Receipts.TOPIC, 0);
        var last = rig.topics().produce(new ProducerRecord<>(Receipts.TOPIC, 0, null, new byte[0]));
        try {
            rig.broker
                    .admin()
                    .deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(last.offset() + 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
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
                SELECT id, 0, now() - interval '1 s' FROM cluster ON CONFLICT DO NOTHING""");
        return replay;
    }
}
