package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The SQL of who reads what, as it was measured last. */
final class ConsumerGroupStore {

    /** Minutes of history. */
    static final int MINUTES = 60;

    private static final String LAGS = """
            SELECT l.*, c.name AS cluster, f.members, f.uncommitted, f.type
            FROM consumer_lag l JOIN cluster c ON c.id = l.cluster_id
            LEFT JOIN consumer_group_topic f
              ON f.cluster_id = l.cluster_id AND f.consumer_group = l.consumer_group AND f.topic = l.topic
            WHERE ($1::text IS NULL OR l.consumer_group = $1) AND ($2::text IS NULL OR l.topic = $2)
              AND ($3::text IS NULL OR c.name = $3)""";

    /** Of dead-letter topics alone; served by dead_letter_topic_by_name, consumer_lag_by_topic and share_group_by_topic. */
    private static final String READERS = """
            SELECT c.kafka_id, l.topic, l.consumer_group, max(f.type) AS type, sum(l.lag)::bigint AS lag,
              (ARRAY['ok', 'warn', 'rewind', 'beyond', 'stall', 'stop'])[max(array_position(ARRAY['ok', 'warn', 'rewind', 'beyond', 'stall', 'stop'], l.status))]
                AS status
            FROM consumer_lag l JOIN cluster c ON c.id = l.cluster_id
            LEFT JOIN consumer_group_topic f
              ON f.cluster_id = l.cluster_id AND f.consumer_group = l.consumer_group AND f.topic = l.topic
            WHERE l.topic IN (SELECT name FROM dead_letter_topic) AND ($1::text IS NULL OR l.topic = $1)
            GROUP BY c.kafka_id, l.topic, l.consumer_group
            UNION ALL SELECT c.kafka_id, s.topic, s.share_group, 'share', s.lag, NULL
            FROM share_group_topic s JOIN cluster c ON c.id = s.cluster_id
            WHERE s.topic IN (SELECT name FROM dead_letter_topic) AND ($1::text IS NULL OR s.topic = $1)
            ORDER BY 3""";

    private static final String HISTORY = """
            SELECT c.name AS cluster, h.consumer_group, h.topic,
              array_agg((extract(epoch FROM date_trunc('minute', now()) - h.minute) / 60)::int) AS ages, array_agg(h.lag) AS lags
            FROM consumer_lag_minute h JOIN cluster c ON c.id = h.cluster_id
            WHERE h.minute > date_trunc('minute', now()) - make_interval(mins => $4)
              AND ($1::text IS NULL OR h.consumer_group = $1) AND ($2::text IS NULL OR h.topic = $2)
              AND ($3::text IS NULL OR c.name = $3)
            GROUP BY c.name, h.consumer_group, h.topic""";

    private static final String WATCHES = """
            SELECT coalesce(c.name, u.name) AS cluster, w.measured_at, coalesce(w.left_out, 0) AS left_out,
              least(w.failing_since, u.failing_since) AS failing_since,
              w.measured_at > now() - interval '1 minute' AS fresh
            FROM cluster c LEFT JOIN cluster_watch w ON w.cluster_id = c.id FULL JOIN cluster_unmet u ON u.name = c.name
            WHERE ($1::text IS NULL OR coalesce(c.name, u.name) = $1) ORDER BY 1""";

    private static final String KNOWS = """
            SELECT FROM dead_letter_topic WHERE name = $1
            UNION ALL SELECT FROM letter_kind WHERE origin_topic = $1
            UNION ALL SELECT FROM consumer_lag WHERE topic = $1
            UNION ALL SELECT FROM share_group_topic WHERE topic = $1
            LIMIT 1""";

    private final Pool pool;

    /** @param reading a pool with a short statement timeout */
    ConsumerGroupStore(Pool reading) {
        this.pool = reading;
    }

    /** What is asked for; null for all. */
    record Scope(
            @Nullable String group,
            @Nullable String topic,
            @Nullable String cluster) {}

    record Id(String cluster, String group, String topic) {}

    Future<List<Row>> lags(Scope scope) {
        return pool.preparedQuery(LAGS)
                .execute(Tuple.of(scope.group(), scope.topic(), scope.cluster()))
                .map(rows -> rows.stream().toList());
    }

    /** Who reads dead-letter topics, by name. @param topic null for all */
    Future<List<Row>> readers(@Nullable String topic) {
        return pool.preparedQuery(READERS)
                .execute(Tuple.of(topic))
                .map(rows -> rows.stream().toList());
    }

    /** @return the lag of each of the last 60 minutes, the oldest first; null where it was not measured */
    Future<Map<Id, @Nullable Long[]>> history(Scope scope) {
        return pool.preparedQuery(HISTORY)
                .execute(Tuple.of(scope.group(), scope.topic(), scope.cluster(), MINUTES))
                .map(rows -> {
                    var histories = new HashMap<Id, @Nullable Long[]>();
                    for (var row : rows) {
                        var id = new Id(
                                row.getString("cluster"), row.getString("consumer_group"), row.getString("topic"));
                        histories.put(id, history(row));
                    }
                    return histories;
                });
    }

    private static @Nullable Long[] history(Row row) {
        var history = new @Nullable Long[MINUTES];
        var ages = row.getArrayOfIntegers("ages");
        var lags = row.getArrayOfLongs("lags");
        for (int i = 0; i < ages.length; i++) {
            // The process that measures may be ahead of the database's clock.
            history[Math.min(MINUTES - 1, MINUTES - 1 - ages[i])] = lags[i];
        }
        return history;
    }

    /** How each cluster is watched. */
    Future<List<Row>> watches(@Nullable String cluster) {
        return pool.preparedQuery(WATCHES)
                .execute(Tuple.of(cluster))
                .map(rows -> rows.stream().toList());
    }

    /** Share groups, by name. */
    Future<List<Row>> shares(Scope scope) {
        return ShareGroupStore.shares(pool, scope.topic(), scope.cluster());
    }

    /** Whether a letter lies in the topic or came from it. */
    Future<Boolean> knows(String topic) {
        return pool.preparedQuery(KNOWS).execute(Tuple.of(topic)).map(rows -> rows.size() > 0);
    }
}
