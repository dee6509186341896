package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The SQL of what the watch over dead-letter topics needs and finds. */
final class TopicWatchStore {

    private static final int MOST_PARTITIONS = 5_000;

    private static final String CLUSTER = "SELECT id FROM cluster WHERE kafka_id = $1";

    /** The youngest incarnation of a name is the one that exists. */
    private static final String POSITIONS = """
            SELECT t.name, p.kafka_partition, p.next_offset, o.reading
            FROM (SELECT name, max(id) AS id FROM dead_letter_topic WHERE cluster_id = $1 GROUP BY name) AS t
            JOIN ingest_position p ON p.topic_ref = t.id
            LEFT JOIN topic_setting o ON o.cluster_id = $1 AND o.name = t.name
            ORDER BY t.name, p.kafka_partition LIMIT $2""";

    private static final String FORGET = "DELETE FROM topic_expiry WHERE cluster_id = $1";

    private static final String EXPIRY = """
            INSERT INTO topic_expiry (cluster_id, topic, partition, lag, oldest_at, time_headroom, size_headroom, measured_at)
            SELECT $1, u.*, $8 FROM unnest($2::text[], $3::int[], $4::bigint[], $5::timestamptz[], $6::float8[], $7::float8[])
              AS u (topic, partition, lag, oldest_at, time_headroom, size_headroom)""";

    /** As far as a loss is told: that ingest does not read it, such as while it is paused, is none. */
    private static final String READY = """
            SELECT ready OR failing <@ '{ingest}' AS ready FROM topic_readiness WHERE cluster_id = $1 AND topic = $2
            FOR UPDATE""";

    private static final String KEEP = """
            INSERT INTO topic_readiness (cluster_id, topic, ready, failing, measured_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (cluster_id, topic) DO UPDATE SET
              ready = excluded.ready, failing = excluded.failing, measured_at = excluded.measured_at""";

    /** What was found of a topic that is gone would be told as if it were so. */
    private static final String FORGET_READY = "DELETE FROM topic_readiness WHERE cluster_id = $1 AND topic = ANY ($2)";

    private final Pool pool;

    /**
     * @param next the offset that ingest reads next
     * @param decision of an operator about the reading of the topic; null without one
     */
    record Position(
            TopicPartition partition, long next, @Nullable String decision) {}

    TopicWatchStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** @return empty until something of the cluster was read */
    Future<Optional<Short>> cluster(String kafkaId) {
        return pool.preparedQuery(CLUSTER)
                .execute(Tuple.of(kafkaId))
                .map(rows -> rows.stream().map(row -> row.getShort("id")).findFirst());
    }

    /** Where ingest stands in every topic that it ever read, by name; 5,000 partitions at most. */
    Future<List<Position>> positions(short cluster) {
        return pool.preparedQuery(POSITIONS)
                .execute(Tuple.of(cluster, MOST_PARTITIONS))
                .map(rows -> rows.stream()
                        .map(row -> new Position(
                                new TopicPartition(row.getString("name"), row.getInteger("kafka_partition")),
                                row.getLong("next_offset"),
                                row.getString("reading")))
                        .toList());
    }

    /** In the transaction of the connection, in place of what was there. */
    Future<Void> expiry(SqlConnection connection, short cluster, List<Unread> unread, Instant now) {
        return connection
                .preparedQuery(FORGET)
                .execute(Tuple.of(cluster))
                .compose(forgotten -> unread.isEmpty()
                        ? Future.succeededFuture()
                        : connection
                                .preparedQuery(EXPIRY)
                                .execute(Tuple.of(cluster)
                                        .addValue(unread.stream()
                                                .map(each -> each.partition().topic())
                                                .toArray(String[]::new))
                                        .addValue(unread.stream()
                                                .map(each -> each.partition().partition())
                                                .toArray(Integer[]::new))
                                        .addValue(
                                                unread.stream().map(Unread::lag).toArray(Long[]::new))
                                        .addValue(unread.stream()
                                                .map(each -> ConsumerLagStore.utc(each.oldestAt()))
                                                .toArray(OffsetDateTime[]::new))
                                        .addValue(unread.stream()
                                                .map(Unread::timeHeadroom)
                                                .toArray(Double[]::new))
                                        .addValue(unread.stream()
                                                .map(Unread::sizeHeadroom)
                                                .toArray(Double[]::new))
                                        .addValue(ConsumerLagStore.utc(now)))
                                .mapEmpty());
    }

    /** In the transaction of the connection. @return what was kept of it before; empty the first time */
    Future<Optional<Boolean>> wasReady(SqlConnection connection, short cluster, String topic) {
        return connection
                .preparedQuery(READY)
                .execute(Tuple.of(cluster, topic))
                .map(rows -> rows.stream().map(row -> row.getBoolean("ready")).findFirst());
    }

    /** In the transaction of the connection. @param topics names of those that do not exist any more, or not for us */
    Future<Void> forget(SqlConnection connection, short cluster, Collection<String> topics) {
        return topics.isEmpty()
                ? Future.succeededFuture()
                : connection
                        .preparedQuery(FORGET_READY)
                        .execute(Tuple.of(cluster).addValue(topics.toArray(String[]::new)))
                        .mapEmpty();
    }

    Future<Void> keep(SqlConnection connection, short cluster, Readiness found, List<String> failing) {
        return connection
                .preparedQuery(KEEP)
                .execute(Tuple.of(
                        cluster,
                        found.topic(),
                        found.isReady(),
                        failing.toArray(String[]::new),
                        ConsumerLagStore.utc(found.measuredAt())))
                .mapEmpty();
    }
}
