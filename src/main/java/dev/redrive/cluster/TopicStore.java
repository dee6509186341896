package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of the topics screen, of what is decided about a topic, and of the gaps. */
final class TopicStore {

    /** Who and why; the time is the database's. */
    record Pause(boolean paused, String actor, @Nullable String reason) {}

    /** More than this is not told of a topic: the numbers are for a glance. */
    static final int MOST_COUNTED = 10_000;

    /**
     * The newest letter of a topic is mostly among the newest of all, which are read in one go where all topics are asked
     * for; else it is the newest of its newest by status, which the index has at hand.
     */
    private static final String TOPICS = """
            SELECT t.id, t.name, t.topic_id, t.first_seen_at, c.name AS cluster, c.kafka_id,
              newest.failed_at AS last_letter_at, newest.origin_topic,
              coalesce(o.version, 0) AS version, o.paused_at, o.paused_by, o.pause_reason,
              o.reading, o.reading_by, o.reading_reason,
              ARRAY (SELECT g.convention FROM failure_group g WHERE g.topic = t.name
                     GROUP BY g.convention ORDER BY max(g.id) DESC LIMIT 10) AS conventions,
              coalesce(counted.letters, 0) AS letters, coalesce(counted.open, 0) AS open,
              (SELECT count(*) FROM ingest_gap g WHERE g.topic_ref = t.id) AS gaps,
              worst.lag AS unread, worst.oldest_at, worst.time_headroom, worst.size_headroom,
              worst.partition AS worst_partition, worst.measured_at AS expiry_at,
              shape.partitions AS shape_partitions, shape.replication_factor, shape.retention_ms, shape.retention_bytes,
              shape.cleanup_policy, shape.measured_at AS shape_at, source.partitions AS origin_partitions
            FROM dead_letter_topic t
            JOIN cluster c ON c.id = t.cluster_id
            LEFT JOIN topic_setting o ON o.cluster_id = t.cluster_id AND o.name = t.name
            LEFT JOIN (
              SELECT n.topic_ref, max(n.letter_id) AS letter_id FROM (
                SELECT s.topic_ref, s.letter_id FROM letter_state s
                ORDER BY s.letter_id DESC LIMIT CASE WHEN $1::text IS NULL THEN 2000 ELSE 0 END) AS n
              GROUP BY 1) AS near ON near.topic_ref = t.id
            LEFT JOIN LATERAL (
              SELECT d.failed_at, d.origin_topic FROM dead_letter d WHERE d.id = coalesce(near.letter_id, (
                SELECT max(one.letter_id) FROM unnest(ARRAY['open', 'replaying', 'replayed', 'recovered', 'returned',
                  'discarded', 'purged']) AS st CROSS JOIN LATERAL (
                    SELECT s.letter_id FROM letter_state s WHERE s.topic_ref = t.id AND s.status = st
                    ORDER BY s.letter_id DESC LIMIT 1) AS one))) AS newest ON true
            LEFT JOIN (
              SELECT k.topic_ref, sum(y.letters)::bigint AS letters,
                coalesce(sum(y.letters) FILTER (WHERE y.status = 'open'), 0)::bigint AS open
              FROM letter_tally y JOIN letter_kind k ON k.id = y.kind_ref
              WHERE y.hour = -1 AND ($1::text IS NULL OR k.topic_ref = ANY (ARRAY (
                SELECT n.id FROM dead_letter_topic n WHERE n.name = $1)))
              GROUP BY 1) AS counted ON counted.topic_ref = t.id
            LEFT JOIN LATERAL (
              SELECT * FROM topic_expiry e WHERE e.cluster_id = t.cluster_id AND e.topic = t.name
                AND NOT EXISTS (SELECT FROM dead_letter_topic y
                  WHERE y.cluster_id = t.cluster_id AND y.name = t.name AND y.id > t.id)
              ORDER BY least(e.time_headroom, e.size_headroom) NULLS LAST, e.partition LIMIT 1) AS worst ON true
            LEFT JOIN topic_shape shape
              ON shape.cluster_id = t.cluster_id AND shape.topic = t.name AND shape.topic_id = t.topic_id
            LEFT JOIN topic_shape source ON source.cluster_id = t.cluster_id AND source.topic = newest.origin_topic
            WHERE ($1::text IS NULL OR t.name = $1) AND ($2::text IS NULL OR c.name = $2)
            ORDER BY t.name, t.id DESC LIMIT 1000""";

    /** Served by the primary key of the tallies, which begins with the hour. */
    private static final String LAST_DAY = """
            WITH clock AS (SELECT floor(extract(epoch FROM now()) / 3600)::integer AS hour)
            SELECT k.topic_ref, (SELECT hour FROM clock) - s.hour AS age, sum(s.letters)::bigint AS letters
            FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref
            WHERE s.hour > (SELECT hour FROM clock) - 24 AND s.hour <= (SELECT hour FROM clock) AND s.letters > 0
            GROUP BY 1, 2""";

    private static final String POSITIONS = """
            SELECT topic_ref, kafka_partition, next_offset, updated_at FROM ingest_position
            ORDER BY topic_ref, kafka_partition""";

    private static final String GAPS = """
            SELECT g.id, g.kafka_partition, g.from_offset, g.to_offset, g.cause, g.noticed_at, t.name AS topic, t.topic_id,
              c.name AS cluster
            FROM ingest_gap g
            JOIN dead_letter_topic t ON t.id = g.topic_ref
            JOIN cluster c ON c.id = t.cluster_id
            WHERE g.id < $1 AND ($2::text IS NULL OR t.name = $2)
            ORDER BY g.id DESC LIMIT $3""";

    /** Nothing is returned where somebody was faster: version 0 stands for no row. */
    private static final String PAUSE = """
            INSERT INTO topic_setting AS o (cluster_id, name, paused_at, paused_by, pause_reason)
            SELECT id, $2, CASE WHEN $4 THEN now() END, CASE WHEN $4 THEN $5 END, CASE WHEN $4 THEN $6 END
            FROM cluster WHERE name = $1 AND $3 = 0
            ON CONFLICT DO NOTHING
            RETURNING version""";

    private static final String PAUSE_AGAIN = """
            UPDATE topic_setting o SET version = o.version + 1, paused_at = CASE WHEN $4 THEN now() END,
              paused_by = CASE WHEN $4 THEN $5 END, pause_reason = CASE WHEN $4 THEN $6 END
            FROM cluster c WHERE c.id = o.cluster_id AND c.name = $1 AND o.name = $2 AND o.version = $3
            RETURNING o.version""";

    private static final String TELL = "SELECT pg_notify('redrive_changed', '{\"what\":\"topics\"}')";

    private final Pool pool;

    TopicStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * @param name null for every topic
     * @param cluster its name in the settings; null for every cluster
     * @return by name, the youngest incarnation of a name first
     */
    Future<List<Row>> topics(@Nullable String name, @Nullable String cluster) {
        return pool.preparedQuery(TOPICS)
                .execute(Tuple.of(name, cluster))
                .map(rows -> rows.stream().toList());
    }

    /** @return whether it was done; false where the version is another one by now */
    Future<Boolean> pause(SqlConnection connection, String cluster, String topic, int version, Pause pause) {
        var sql = version == 0 ? PAUSE : PAUSE_AGAIN;
        return connection
                .preparedQuery(sql)
                .execute(Tuple.of(cluster, topic, version, pause.paused(), pause.actor(), pause.reason()))
                .compose(changed -> connection.query(TELL).execute().map(changed.size() == 1));
    }

    /** Letters that failed in each of the last 24 hours, whatever became of them. @return rows of topic, age in hours, letters */
    Future<List<Row>> lastDay() {
        return pool.preparedQuery(LAST_DAY).execute().map(rows -> rows.stream().toList());
    }

    Future<List<Row>> positions() {
        return pool.preparedQuery(POSITIONS).execute().map(rows -> rows.stream().toList());
    }

    /** @return at most {@code limit} gaps before the given id, newest first */
    Future<List<Row>> gaps(@Nullable String topic, long beforeId, int limit) {
        return pool.preparedQuery(GAPS)
                .execute(Tuple.of(beforeId, topic, limit))
                .map(rows -> rows.stream().toList());
    }
}
