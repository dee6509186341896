package dev.redrive.cluster;

import dev.redrive.cluster.Quarantine.Target;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of records in quarantine: written down before they are copied, and how far each has come. */
final class QuarantineStore {

    private static final String FIND = """
            SELECT q.* FROM quarantine q JOIN cluster c ON c.id = q.cluster_id
            WHERE c.kafka_id = $1 AND q.consumer_group = $2 AND q.topic_id = $3 AND q.partition = $4
              AND q.record_offset = $5""";

    /** Somebody else may have been faster; then it is theirs that is gone on with, and it changes nothing. */
    private static final String BEGIN = """
            INSERT INTO quarantine (id, cluster_id, consumer_group, topic, topic_id, partition, record_offset,
              dead_letter_topic, dead_letter_partition, search_from, reason, asked_by)
            SELECT gen_random_uuid(), id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM cluster WHERE kafka_id = $1
            ON CONFLICT ON CONSTRAINT record_is_quarantined_once DO UPDATE SET id = quarantine.id
            RETURNING *""";

    /** Within the history that is kept, which its primary key serves. */
    private static final String WAS_WATCHED = """
            SELECT FROM consumer_lag_minute h JOIN cluster c ON c.id = h.cluster_id
            WHERE c.kafka_id = $1 AND h.consumer_group = $2 AND h.topic = $3 LIMIT 1""";

    private static final String COPIED = "UPDATE quarantine SET dead_letter_offset = $2 WHERE id = $1 RETURNING *";

    private static final String MOVED =
            "UPDATE quarantine SET moved_at = coalesce(moved_at, now()) WHERE id = $1 RETURNING *";

    /**
     * @param topic where the copy is or goes, {@code partition} of it
     * @param searchFrom no copy lies before
     * @param copy its offset; null until there is one
     * @param moved whether the group was seen behind the record
     */
    record Stored(
            UUID id,
            String topic,
            int partition,
            long searchFrom,
            @Nullable Long copy,
            boolean moved) {}

    private final Pool pool;

    QuarantineStore(Pool pool) {
        this.pool = pool;
    }

    /** @param cluster Kafka's id of it */
    Future<Optional<Stored>> find(String cluster, Quarantine.Ask ask, UUID topicId) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(cluster, ask.group(), topicId, ask.partition(), ask.offset()))
                .map(rows -> rows.stream().findFirst().map(QuarantineStore::stored));
    }

    /** @return whether the watch knew the group of late, as a reader of the topic */
    Future<Boolean> wasWatched(String cluster, Quarantine.Ask ask) {
        return pool.preparedQuery(WAS_WATCHED)
                .execute(Tuple.of(cluster, ask.group(), ask.topic()))
                .map(rows -> rows.size() > 0);
    }

    /** @return that of whoever asked first */
    Future<Stored> begin(SqlConnection connection, String cluster, Quarantine plan, Target target, String actor) {
        var ask = plan.ask();
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(cluster, ask.group(), ask.topic(), plan.topicId(), ask.partition(), ask.offset())
                        .addValue(target.topic())
                        .addValue(target.partition())
                        .addValue(target.end())
                        .addValue(ask.reason())
                        .addValue(actor))
                .map(rows -> stored(rows.iterator().next()));
    }

    Future<Stored> copied(UUID id, long offset) {
        return pool.preparedQuery(COPIED)
                .execute(Tuple.of(id, offset))
                .map(rows -> stored(rows.iterator().next()));
    }

    Future<Stored> moved(UUID id) {
        return pool.preparedQuery(MOVED)
                .execute(Tuple.of(id))
                .map(rows -> stored(rows.iterator().next()));
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.getUUID("id"),
                row.getString("dead_letter_topic"),
                row.getInteger("dead_letter_partition"),
                row.getLong("search_from"),
                row.getLong("dead_letter_offset"),
                row.getOffsetDateTime("moved_at") != null);
    }
}
