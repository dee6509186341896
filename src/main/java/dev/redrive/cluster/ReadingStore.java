package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of what operators decided about the reading of topics: whether, and from where again. */
final class ReadingStore {

    private static final String DECIDE = """
            INSERT INTO topic_setting AS o (cluster_id, name, reading, reading_by, reading_reason)
            SELECT id, $2, $3, CASE WHEN $3::text IS NOT NULL THEN $4::text END, CASE WHEN $3::text IS NOT NULL THEN $5::text END
            FROM cluster WHERE name = $1
            ON CONFLICT (cluster_id, name) DO UPDATE SET version = o.version + 1, reading = excluded.reading,
              reading_by = excluded.reading_by, reading_reason = excluded.reading_reason
            RETURNING name, reading, reading_by, reading_reason""";

    private static final String DECIDED = """
            SELECT c.name AS cluster, o.name, o.reading, o.reading_by, o.reading_reason
            FROM topic_setting o JOIN cluster c ON c.id = o.cluster_id WHERE o.reading IS NOT NULL""";

    /** Of the youngest incarnation of the name, which is the one that exists. */
    private static final String POSITIONS = """
            SELECT t.id AS topic_ref, t.topic_id, p.kafka_partition, p.next_offset
            FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id JOIN ingest_position p ON p.topic_ref = t.id
            WHERE c.name = $1 AND t.name = $2
              AND t.id = (SELECT max(o.id) FROM dead_letter_topic o WHERE o.cluster_id = c.id AND o.name = $2)
            ORDER BY p.kafka_partition""";

    /** Never forward: that would skip letters. */
    private static final String REWIND = """
            UPDATE ingest_position SET next_offset = $3, leader_epoch = -1, updated_at = now()
            WHERE topic_ref = $1 AND kafka_partition = $2 AND next_offset > $3""";

    private static final String TELL = "SELECT pg_notify('redrive_changed', '{\"what\":\"topics\"}')";

    private final Pool pool;

    ReadingStore(Pool pool) {
        this.pool = pool;
    }

    /** @return of every topic that something was decided about */
    Future<List<Row>> decided() {
        return pool.query(DECIDED).execute().map(rows -> rows.stream().toList());
    }

    /**
     * In the transaction of the connection.
     *
     * @param decision {@code include}, {@code exclude}; null as the name and the records say
     * @return empty where nothing of the cluster was read yet
     */
    Future<Optional<Row>> decide(
            SqlConnection connection,
            String cluster,
            String topic,
            @Nullable String decision,
            String actor,
            @Nullable String reason) {
        return connection
                .preparedQuery(DECIDE)
                .execute(Tuple.of(cluster, topic, decision, actor, reason))
                .compose(decided -> connection
                        .query(TELL)
                        .execute()
                        .map(told -> decided.stream().findFirst()));
    }

    /** @return where ingest stands, by partition; empty where the topic was never read */
    Future<List<Row>> positions(String cluster, String topic) {
        return pool.preparedQuery(POSITIONS)
                .execute(Tuple.of(cluster, topic))
                .map(rows -> rows.stream().toList());
    }

    /** In the transaction of the connection. */
    Future<Void> rewind(SqlConnection connection, int topicRef, List<Rewind.Step> steps) {
        var rows = steps.stream()
                .map(step -> Tuple.of(topicRef, step.partition(), step.from()))
                .toList();
        return connection
                .preparedQuery(REWIND)
                .executeBatch(rows)
                .compose(done -> connection.query(TELL).execute())
                .mapEmpty();
    }
}
