package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of share groups, as they were found last. */
final class ShareGroupStore {

    /** Of a group that did not answer what was known stays. */
    private static final String SAVE = """
            WITH found AS (
              SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::bigint[])
                AS f (share_group, topic, state, members, partitions, lag)),
            gone AS (
              DELETE FROM share_group_topic g WHERE cluster_id = $1 AND share_group <> ALL ($8::text[]) AND NOT EXISTS (
                SELECT FROM found f WHERE f.share_group = g.share_group AND f.topic = g.topic))
            INSERT INTO share_group_topic SELECT $1, f.*, $9 FROM found f
            ON CONFLICT (cluster_id, share_group, topic) DO UPDATE SET state = excluded.state, members = excluded.members,
              partitions = excluded.partitions, lag = excluded.lag, measured_at = excluded.measured_at""";

    /** All are few; of one topic served by share_group_by_topic. */
    private static final String SHARES = """
            SELECT c.name AS cluster, s.* FROM share_group_topic s JOIN cluster c ON c.id = s.cluster_id
            WHERE ($1::text IS NULL OR s.topic = $1) AND ($2::text IS NULL OR c.name = $2)
            ORDER BY c.name, s.share_group, s.topic""";

    private ShareGroupStore() {}

    /** In the transaction of the connection. */
    static Future<Void> save(SqlConnection connection, short cluster, ShareGroups.Found found, Instant now) {
        var reading = found.reading();
        return connection
                .preparedQuery(SAVE)
                .execute(Tuple.of(cluster)
                        .addValue(reading.stream().map(ShareGroupTopic::group).toArray(String[]::new))
                        .addValue(reading.stream().map(ShareGroupTopic::topic).toArray(String[]::new))
                        .addValue(reading.stream().map(ShareGroupTopic::state).toArray(String[]::new))
                        .addValue(reading.stream().map(ShareGroupTopic::members).toArray(Integer[]::new))
                        .addValue(reading.stream()
                                .map(ShareGroupTopic::partitions)
                                .toArray(Integer[]::new))
                        .addValue(reading.stream().map(ShareGroupTopic::lag).toArray(Long[]::new))
                        .addValue(found.silent().toArray(String[]::new))
                        .addValue(ConsumerLagStore.utc(now)))
                .mapEmpty();
    }

    /** By name. @param topic null for all; the same of {@code cluster} */
    static Future<List<Row>> shares(Pool pool, @Nullable String topic, @Nullable String cluster) {
        return pool.preparedQuery(SHARES)
                .execute(Tuple.of(topic, cluster))
                .map(rows -> rows.stream().toList());
    }
}
