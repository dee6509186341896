package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.ingest.PositionStore.Move;
import dev.redrive.ingest.PositionStore.Moved;
import dev.redrive.testkit.Postgres;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a position moves, and where its owner is sent instead. */
class PositionStoreTest {

    private final Rig rig = new Rig("nobody:1", Postgres.shared().freshDatabase());
    private final PositionStore store = new PositionStore();
    private int topicRef;

    @BeforeEach
    void stands() {
        rig.sql("INSERT INTO cluster (kafka_id, name) VALUES ('k', 'test')");
        topicRef = (int) rig.number("INSERT INTO dead_letter_topic (cluster_id, name, topic_id)"
                + " SELECT id, 'orders-dlq', gen_random_uuid() FROM cluster RETURNING id::bigint");
        rig.sql("INSERT INTO ingest_position (topic_ref, kafka_partition, next_offset, leader_epoch) VALUES ("
                + topicRef + ", 0, 10, 4)");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Moved move(long from, long next) {
        var partition = new TopicPartition("orders-dlq", 0);
        var binding = new Binding(new Incarnation("k", partition, UUID.randomUUID(), topicRef), from, 4);
        var connection = Rig.await(rig.connect());
        var moved = Rig.await(store.move(connection, List.of(new Move(binding, 1, from, next, 4))));
        Rig.await(connection.close());
        return moved;
    }

    private long position() {
        return rig.position("orders-dlq", 0);
    }

    @Test
    void anOwnerThatIsAheadOfThePositionIsSentBack() {
        assertThat(move(11, 15).displaced())
                .singleElement()
                .satisfies(displaced -> assertThat(displaced.stored().next()).isEqualTo(10));
        assertThat(position()).isEqualTo(10);
    }

    @Test
    void anOwnerThatIsBehindIsSentThereAndReadsNothingOfItAnyMore() {
        var displaced = move(2, 5).displaced();
        assertThat(displaced).hasSize(1);
        assertThat(displaced.get(0).stored()).isEqualTo(new PositionStore.Stored(10, 4));
        assertThat(position()).isEqualTo(10);
    }

    @Test
    void aMoveThatWasMadeAlreadyStands() {
        assertThat(move(2, 10).displaced()).isEmpty();
        assertThat(move(10, 15).displaced()).isEmpty();
        assertThat(position()).isEqualTo(15);
    }

    @Test
    void aMoveSaysWhatOfItIsReadAgain() {
        var job = UUID.randomUUID();
        rig.sql("INSERT INTO job (id, type, state, q, frozen_q, watermark, frozen_at, reason, requested_by, total,"
                + " total_exact, next_below, not_before, caller) VALUES ('" + job
                + "', 'rewind', 'running', '', '', 0, now(), 'r', 'me', 1, true, 0, now(), 'me')");
        rig.sql("INSERT INTO rewind_job (job_id, topic_ref) VALUES ('" + job + "', " + topicRef + ")");
        rig.sql("INSERT INTO rewound_partition (job_id, topic_ref, kafka_partition, from_offset, to_offset, reached,"
                + " stood_at, stood_epoch) VALUES ('" + job + "', " + topicRef + ", 0, 5, 12, 5, 12, 4)");
        assertThat(move(10, 15).again()).singleElement().satisfies(again -> {
            assertThat(again.from()).isEqualTo(10);
            assertThat(again.to()).isEqualTo(12);
        });
        assertThat(move(15, 20).again()).isEmpty();
    }
}
