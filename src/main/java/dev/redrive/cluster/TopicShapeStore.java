package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of how topics are made, as it was found last. */
final class TopicShapeStore {

    /** What did not answer stays as it was. */
    private static final String SAVE = """
            WITH gone AS (DELETE FROM topic_shape WHERE cluster_id = $1 AND topic <> ALL ($2::text[]))
            INSERT INTO topic_shape (cluster_id, topic, topic_id, partitions, replication_factor, retention_ms,
              retention_bytes, cleanup_policy, measured_at)
            SELECT $1, u.*, $10 FROM unnest($3::text[], $4::uuid[], $5::int[], $6::int[], $7::bigint[], $8::bigint[],
              $9::text[]) AS u (topic, topic_id, partitions, replication_factor, retention_ms, retention_bytes, cleanup_policy)
            ON CONFLICT (cluster_id, topic) DO UPDATE SET
              topic_id = excluded.topic_id, partitions = excluded.partitions,
              replication_factor = excluded.replication_factor, retention_ms = excluded.retention_ms,
              retention_bytes = excluded.retention_bytes, cleanup_policy = excluded.cleanup_policy,
              measured_at = excluded.measured_at""";

    private final Pool pool;

    TopicShapeStore(Pool pool) {
        this.pool = pool;
    }

    /** @param existing names of the topics that there are, whether they answered or not */
    Future<Void> save(short cluster, Collection<String> existing, List<TopicState> shapes, Instant now) {
        return pool.preparedQuery(SAVE)
                .execute(Tuple.of(cluster)
                        .addValue(existing.toArray(String[]::new))
                        .addValue(shapes.stream().map(TopicState::name).toArray(String[]::new))
                        .addValue(shapes.stream().map(TopicState::id).toArray(UUID[]::new))
                        .addValue(shapes.stream().map(TopicState::partitions).toArray(Integer[]::new))
                        .addValue(shapes.stream()
                                .map(TopicState::replicationFactor)
                                .toArray(Integer[]::new))
                        .addValue(numbers(shapes, shape -> shape.bound(TopicState.RETENTION_MS)))
                        .addValue(numbers(shapes, shape -> shape.bound(TopicState.RETENTION_BYTES)))
                        .addValue(shapes.stream()
                                .map(shape -> shape.config(TopicState.CLEANUP).orElse(null))
                                .toArray(String[]::new))
                        .addValue(ConsumerLagStore.utc(now)))
                .mapEmpty();
    }

    private interface Bound {
        @Nullable
        Long of(TopicState shape);
    }

    private static Long[] numbers(List<TopicState> shapes, Bound bound) {
        return shapes.stream().map(bound::of).toArray(Long[]::new);
    }
}
