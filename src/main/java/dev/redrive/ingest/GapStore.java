package dev.redrive.ingest;

import dev.redrive.ingest.Gap.Cause;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** What Kafka no longer had when we came to read it. */
final class GapStore {

    private static final String NOTE = """
            INSERT INTO ingest_gap (topic_ref, kafka_partition, from_offset, to_offset, cause)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT ON CONSTRAINT gap_is_noticed_once DO NOTHING
            RETURNING id""";

    /** Once an incarnation and partition: whoever opens the new one sees that the old one has no such row yet. */
    private static final String NOTE_RECREATION = """
            INSERT INTO ingest_gap (topic_ref, kafka_partition, from_offset, to_offset, cause)
            SELECT p.topic_ref, p.kafka_partition, p.next_offset, p.next_offset, 'recreation'
            FROM dead_letter_topic young
            JOIN dead_letter_topic old
              ON old.cluster_id = young.cluster_id AND old.name = young.name AND old.id < young.id
            JOIN ingest_position p ON p.topic_ref = old.id
            WHERE young.id = $1 AND p.kafka_partition = $2
              AND NOT EXISTS (SELECT FROM ingest_gap g WHERE g.topic_ref = p.topic_ref
                AND g.kafka_partition = p.kafka_partition AND g.cause = 'recreation')
            ON CONFLICT ON CONSTRAINT gap_is_noticed_once DO NOTHING
            RETURNING id, from_offset, to_offset""";

    record Noted(long id, long from, long to) {}

    /** The old topic is gone with what was not read of it; how much that was nobody can tell any more. */
    Future<List<Noted>> noteRecreation(SqlConnection connection, int topicRef, int partition) {
        return connection
                .preparedQuery(NOTE_RECREATION)
                .execute(Tuple.of(topicRef, partition))
                .map(rows -> rows.stream()
                        .map(row -> new Noted(row.getLong("id"), row.getLong("from_offset"), row.getLong("to_offset")))
                        .toList());
    }

    /** @return the id of the row; empty where the same gap was noted before */
    Future<Optional<Long>> note(
            SqlConnection connection, int topicRef, int partition, long from, long to, Cause cause) {
        return connection
                .preparedQuery(NOTE)
                .execute(Tuple.of(topicRef, partition, from, to, cause.word()))
                .map(rows -> rows.stream().findFirst().map(row -> row.getLong("id")));
    }
}
