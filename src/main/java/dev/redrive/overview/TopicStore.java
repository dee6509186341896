package dev.redrive.overview;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of the topics screen and of the gaps. */
final class TopicStore {

    /** Counting a topic stops here: the numbers are for a glance, and a million index entries are not. */
    static final int MOST_COUNTED = 10_000;

    /** The newest letter is the newest of its newest by status, which the index has at hand. */
    private static final String TOPICS = """
            SELECT t.id, t.name, t.topic_id, t.first_seen_at, c.name AS cluster, c.kafka_id,
              newest.failed_at AS last_letter_at, newest.origin_topic,
              (SELECT count(*) FROM (SELECT FROM letter_state s WHERE s.topic_ref = t.id LIMIT 10001) AS counted) AS letters,
              (SELECT count(*) FROM (
                 SELECT FROM letter_state s WHERE s.topic_ref = t.id AND s.status = 'open' LIMIT 10001) AS counted) AS open,
              (SELECT count(*) FROM ingest_gap g WHERE g.topic_ref = t.id) AS gaps
            FROM dead_letter_topic t
            JOIN cluster c ON c.id = t.cluster_id
            LEFT JOIN LATERAL (
              SELECT d.failed_at, d.origin_topic FROM dead_letter d WHERE d.id = (
                SELECT max(one.letter_id) FROM unnest(ARRAY['open', 'replaying', 'replayed', 'recovered', 'returned',
                  'discarded', 'purged']) AS st CROSS JOIN LATERAL (
                    SELECT s.letter_id FROM letter_state s WHERE s.topic_ref = t.id AND s.status = st
                    ORDER BY s.letter_id DESC LIMIT 1) AS one)) AS newest ON true
            ORDER BY t.name, t.id DESC LIMIT 1000""";

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

    private final Pool pool;

    TopicStore(Pool pool) {
        this.pool = pool;
    }

    Future<List<Row>> topics() {
        return pool.preparedQuery(TOPICS).execute().map(rows -> rows.stream().toList());
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
