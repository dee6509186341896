package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.RefusedException;
import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static ReplayRig rig;

    @BeforeAll
    static void start() {
        rig = ReplayRig.start().serve();
        ReplayRig.await(
                rig.vertx.deployVerticle(new OutcomeVerticle(Map.of("test", rig.cluster), rig.pool, rig.metrics)));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void isRecoveredWhenTheGroupCommittedPastItAndItStayedAway() throws Exception {
        var topic = rig.topic(1);
        var group = "group-" + UUID.randomUUID();
        var letter = rig.letters.add(new Letter(topic).group(group));
        var sent = rig.settled(rig.replay(letter).id());
        assertThat(sent.outcome()).isEqualTo("sent");
        commit(group, topic, place(sent).offset() + 1);
        var recovered = outcome(sent.id(), "recovered");
        assertThat(recovered.state()).isEqualTo(ReplayState.DONE);
        assertThat(rig.statusOf(letter)).isEqualTo("recovered");
        // Long after: a retry topic gave up on it in the end.
        var late = rig.letters.add(new Letter(topic).replayOf(sent.id()));
        assertThat(outcome(sent.id(), "returned").returnedAs()).isEqualTo(late);
        assertThat(rig.statusOf(letter)).isEqualTo("returned");
        rig.awaitCount("redrive.replay.outcomes", topic, "outcome", "recovered", 1);
        rig.awaitCount("redrive.replay.outcomes", topic, "outcome", "returned", 1);
    }

    @Test
    void watchesTheOnlyGroupThatReadsTheTargetWhereTheLetterNamesNone() throws Exception {
        var topic = rig.topic(1);
        var letter = rig.letters.add(new Letter(topic).group(null));
        var group = "group-" + UUID.randomUUID();
        commit(group, topic, 1_000);
        var replay = rig.settled(rig.replay(letter).id());
        outcome(replay.id(), "recovered");
        assertThat(rig.row("SELECT consumer_group FROM replay WHERE id = $1", replay.id())
                        .getString("consumer_group"))
                .isEqualTo(group);
    }

    @Test
    void staysSentWhereNoConsumerGroupIsKnownOrItHasNotComeThatFar() throws Exception {
        var topic = rig.topic(1);
        var unknown = rig.letters.add(new Letter(topic).group(null));
        var group = "group-" + UUID.randomUUID();
        commit("another-" + group, topic, 0);
        commit(group, topic, 0);
        var behind = rig.letters.add(new Letter(topic).group(group));
        var first = rig.settled(rig.replay(unknown).id());
        var second = rig.settled(rig.replay(behind).id());
        commit(group, topic, place(second).offset());
        Eventually.until(
                Duration.ofSeconds(10),
                "looks at both",
                () -> rig.row("SELECT look_at IS NULL AS ended FROM replay WHERE id = $1", first.id())
                                .getBoolean("ended")
                        && rig.row(
                                        "SELECT look_at > settled_at + interval '1900 ms' AS later FROM replay WHERE id = $1",
                                        second.id())
                                .getBoolean("later"));
        assertThat(rig.find(first.id()).outcome()).isEqualTo("sent");
        assertThat(rig.find(second.id()).outcome()).isEqualTo("sent");
        assertThat(rig.statusOf(behind)).isEqualTo("replayed");
    }

    @Test
    @DisplayName("L-31: a replay that comes back is linked and counted, and the loop guard parks it")
    void linksWhatComesBackAndParksIt() {
        var topic = rig.topic(1);
        long letter = rig.letters.add(new Letter(topic));
        for (int returns = 1; returns <= ReplayRig.MAX_ATTEMPTS; returns++) {
            var replay = rig.settled(rig.replay(letter).id());
            long next = rig.letters.add(new Letter(topic).replayOf(replay.id()));
            assertThat(outcome(replay.id(), "returned").returnedAs()).isEqualTo(next);
            assertThat(rig.statusOf(letter)).isEqualTo("returned");
            assertThat(rig.statusOf(next)).isEqualTo("open");
            var state = rig.row("SELECT parent_id, returns FROM letter_state WHERE letter_id = $1", next);
            assertThat(state.getLong("parent_id")).isEqualTo(letter);
            assertThat(state.getInteger("returns")).isEqualTo(returns);
            letter = next;
        }
        var parked = letter;
        assertThatThrownBy(() -> rig.replay(parked))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("parked");
        assertThat(rig.statusOf(parked)).isEqualTo("open");
        var again = rig.replay(ReplayRig.ask(parked, Source.ORIGINAL, null, "loop"));
        assertThat(rig.settled(again.id()).state()).isEqualTo(ReplayState.DONE);
    }

    @Test
    @DisplayName("L-31: a replay whose headers the framework dropped is known by the place it was sent to")
    void linksWhatComesBackWithoutOurHeaders() {
        var topic = rig.topic(1);
        var letter = rig.letters.add(new Letter(topic));
        var replay = rig.settled(rig.replay(letter).id());
        var next = rig.letters.add(new Letter(topic)
                .origin(place(replay).partition(), place(replay).offset()));
        assertThat(outcome(replay.id(), "returned").returnedAs()).isEqualTo(next);
        assertThat(rig.row("SELECT parent_id FROM letter_state WHERE letter_id = $1", next)
                        .getLong("parent_id"))
                .isEqualTo(letter);
    }

    @Test
    void linksWhatCameBackLongAgoOnceItsReplayIsLookedAt() {
        var topic = rig.topic(1);
        var letter = rig.letters.add(new Letter(topic));
        var replay = rig.settled(rig.replay(letter).id());
        // Nothing waits for it, and so nothing finds it among the newest letters.
        rig.row("UPDATE replay SET look_at = NULL WHERE id = $1 RETURNING id", replay.id());
        var next = rig.letters.add(new Letter(topic)
                .origin(place(replay).partition(), place(replay).offset()));
        var returns = new ReturnStore(rig.pool, new ChangeStore(new AuditStore(rig.pool)), rig.metrics);
        ReplayRig.await(returns.link(List.of(replay.id())));
        assertThat(rig.find(replay.id()).returnedAs()).isEqualTo(next);
        assertThat(rig.statusOf(letter)).isEqualTo("returned");
    }

    private static Replay.Place place(Replay replay) {
        return Objects.requireNonNull(replay.sent());
    }

    private static Replay outcome(UUID id, String outcome) {
        return Eventually.value(
                Duration.ofSeconds(15),
                outcome,
                () -> Optional.of(rig.find(id)).filter(replay -> outcome.equals(replay.outcome())));
    }

    private static void commit(String group, String topic, long offset) throws Exception {
        rig.topics()
                .admin()
                .alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }
}
