package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is stored about a topic that its readiness depends on. */
final class ReadinessStore {

    /**
     * @param read whether Redrive ever read the topic
     * @param pausedBy null while it is read
     * @param letters looked at, the newest
     * @param placed of them with origin topic and offset from their own headers
     */
    record Stored(boolean read, @Nullable String pausedBy, int letters, int placed) {}

    /** 100 of the newest by status, which the index has at hand. */
    private static final String STORED = """
            SELECT t.id IS NOT NULL AS read, o.paused_by, coalesce(n.letters, 0)::int AS letters,
              coalesce(n.placed, 0)::int AS placed
            FROM cluster c
            LEFT JOIN LATERAL (SELECT id FROM dead_letter_topic
              WHERE cluster_id = c.id AND name = $2 ORDER BY id DESC LIMIT 1) AS t ON true
            LEFT JOIN topic_setting o ON o.cluster_id = c.id AND o.name = $2 AND o.paused_at IS NOT NULL
            LEFT JOIN LATERAL (
              SELECT count(*) AS letters, count(*) FILTER (WHERE d.origin_topic IS NOT NULL
                AND d.origin_offset IS NOT NULL AND d.origin_inferred_from IS NULL) AS placed
              FROM (SELECT one.letter_id FROM unnest(ARRAY['open', 'replaying', 'replayed', 'recovered', 'returned',
                      'discarded']) AS st CROSS JOIN LATERAL (
                        SELECT s.letter_id FROM letter_state s WHERE s.topic_ref = t.id AND s.status = st
                        ORDER BY s.letter_id DESC LIMIT 100) AS one
                    ORDER BY one.letter_id DESC LIMIT 100) AS newest
              JOIN dead_letter d ON d.id = newest.letter_id) AS n ON true
            WHERE c.kafka_id = $1""";

    /** Served by failure_group_by_topic. */
    private static final String ORIGIN = """
            SELECT origin_topic FROM failure_group WHERE topic = $1 AND origin_topic IS NOT NULL
            ORDER BY id DESC LIMIT 1""";

    /** Served by failure_group_by_origin. */
    private static final String LETTERS_OF = """
            SELECT g.topic FROM failure_group g WHERE g.origin_topic = $2 AND EXISTS (
              SELECT FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id
              WHERE t.name = g.topic AND c.kafka_id = $1)
            ORDER BY g.id DESC LIMIT 1""";

    /** Served by dead_letter_topic_by_name and letter_kind_by_topic. */
    private static final String CONSUMERS = """
            SELECT DISTINCT k.origin_group FROM letter_kind k JOIN dead_letter_topic t ON t.id = k.topic_ref
            JOIN cluster c ON c.id = t.cluster_id
            WHERE c.kafka_id = $1 AND t.name = $2 AND k.origin_group IS NOT NULL
            ORDER BY 1 LIMIT 20""";

    private final Pool pool;

    ReadinessStore(Pool pool) {
        this.pool = pool;
    }

    /** @param cluster Kafka's id of it */
    Future<Stored> stored(String cluster, String topic) {
        return pool.preparedQuery(STORED)
                .execute(Tuple.of(cluster, topic))
                .map(rows -> first(rows)
                        .map(row -> new Stored(
                                row.getBoolean("read"),
                                row.getString("paused_by"),
                                row.getInteger("letters"),
                                row.getInteger("placed")))
                        .orElse(new Stored(false, null, 0, 0)));
    }

    /** @return the origin of the newest failure group of the topic */
    Future<Optional<String>> originOf(String deadLetterTopic) {
        return pool.preparedQuery(ORIGIN)
                .execute(Tuple.of(deadLetterTopic))
                .map(rows -> first(rows).map(row -> row.getString("origin_topic")));
    }

    /** @return consumer groups whose failures lie in the topic, by name, 20 at most */
    Future<List<String>> consumersOf(String cluster, String deadLetterTopic) {
        return pool.preparedQuery(CONSUMERS)
                .execute(Tuple.of(cluster, deadLetterTopic))
                .map(rows ->
                        rows.stream().map(row -> row.getString("origin_group")).toList());
    }

    /** @return the topic that letters of this origin came to */
    Future<Optional<String>> lettersOf(String cluster, String origin) {
        return pool.preparedQuery(LETTERS_OF)
                .execute(Tuple.of(cluster, origin))
                .map(rows -> first(rows).map(row -> row.getString("topic")));
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.stream().findFirst();
    }
}
