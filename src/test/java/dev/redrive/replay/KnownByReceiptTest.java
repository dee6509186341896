package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Eventually;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KnownByReceiptTest {

    @Test
    void withdrawsAWishThatIsBeingWrittenAtThatVeryMoment() {
        try (var rig = ReplayRig.start()) {
            var topic = rig.topic(1);
            long letter = rig.letters.add(new Letter(topic));
            var known = UUID.randomUUID();
            rig.execute("""
                    INSERT INTO unknown_replay (replay_id, kafka_id, topic_id, kafka_partition, kafka_offset, leader_epoch,
                      cluster_id, lane, attempt, target_topic, sent_partition, sent_offset, outcome_window)
                    SELECT $2, k.kafka_id, t.topic_id, d.kafka_partition, d.kafka_offset, d.leader_epoch, t.cluster_id, 0, 1,
                      $3, 0, 7, interval '1 min'
                    FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref JOIN cluster k ON k.id = t.cluster_id
                    WHERE d.id = $1""", letter, known, topic);
            var ask = ReplayRig.ask(letter);
            var plan = ReplayRig.await(rig.replays.plans().plan(ask));
            var connection = ReplayRig.await(rig.pool.getConnection());
            var transaction = ReplayRig.await(connection.begin());
            var wish = ReplayRig.await(rig.replays.accept(connection, ask, plan, ReplayRig.ANA));

            var met = rig.pool
                    .preparedQuery("SELECT know_replays(ARRAY[$1]::uuid[])")
                    .execute(Tuple.of(known));
            Eventually.until(
                    Duration.ofSeconds(10),
                    "the receipt to wait for the wish",
                    () -> rig.row("SELECT count(*) AS n FROM pg_locks WHERE NOT granted")
                                    .getLong("n")
                            > 0);
            ReplayRig.await(transaction.commit());
            ReplayRig.await(met);

            assertThat(rig.find(wish.id()).state()).isEqualTo(ReplayState.CANCELLED);
            assertThat(rig.find(known).state()).isEqualTo(ReplayState.DONE);
            assertThat(rig.statusOf(letter)).isEqualTo("replayed");
            ReplayRig.await(connection.close());
        }
    }
}
