package dev.redrive.overview;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.List;

/** The SQL of the figures that monitoring asks for. Sums counters that are kept; never counts letters. */
final class DeskMetricsStore {

    private static final String LETTERS = """
            SELECT g.topic, sum(c.open)::bigint AS open, sum(c.replaying)::bigint AS replaying,
              sum(c.replayed)::bigint AS replayed, sum(c.recovered)::bigint AS recovered,
              sum(c.returned)::bigint AS returned, sum(c.discarded)::bigint AS discarded, sum(c.purged)::bigint AS purged
            FROM failure_group_counter c JOIN failure_group g ON g.id = c.failure_group_id
            GROUP BY g.topic ORDER BY sum(c.letters) DESC, g.topic""";

    private static final String GROUPS = """
            SELECT count(*) FILTER (WHERE open > 0) AS open, count(*) FILTER (WHERE open = 0) AS settled
            FROM failure_group_counter""";

    private static final String JOBS = "SELECT state, count(*) AS jobs FROM job GROUP BY state";

    private static final String DELIVERIES = "SELECT state, count(*) AS deliveries FROM alert_delivery GROUP BY state";

    /** The oldest open letter is the one stored first, whichever topic of the name; the index by topic has it at hand. */
    private static final String TOPICS = """
            SELECT t.name, c.name AS cluster, coalesce(e.headroom, 100) AS headroom, r.ready,
              extract(epoch FROM now() - oldest.failed_at)::float8 AS oldest_open
            FROM (SELECT cluster_id, name, array_agg(id) AS ids FROM dead_letter_topic GROUP BY cluster_id, name) AS t
            JOIN cluster c ON c.id = t.cluster_id
            LEFT JOIN LATERAL (SELECT min(least(time_headroom, size_headroom)) AS headroom FROM topic_expiry x
              WHERE x.cluster_id = t.cluster_id AND x.topic = t.name) AS e ON true
            LEFT JOIN topic_readiness r ON r.cluster_id = t.cluster_id AND r.topic = t.name
            LEFT JOIN LATERAL (SELECT d.failed_at FROM dead_letter d WHERE d.id = (
              SELECT min(first.letter_id) FROM unnest(t.ids) AS one (id) CROSS JOIN LATERAL (
                SELECT s.letter_id FROM letter_state s WHERE s.topic_ref = one.id AND s.status = 'open'
                ORDER BY s.letter_id LIMIT 1) AS first)) AS oldest ON true
            ORDER BY t.name, c.name LIMIT 200""";

    private final Pool pool;

    /** @param reading a pool with a short statement timeout */
    DeskMetricsStore(Pool reading) {
        this.pool = reading;
    }

    /** By dead-letter topic, the largest first. */
    Future<List<Row>> letters() {
        return rows(LETTERS);
    }

    Future<List<Row>> groups() {
        return rows(GROUPS);
    }

    Future<List<Row>> jobs() {
        return rows(JOBS);
    }

    Future<List<Row>> deliveries() {
        return rows(DELIVERIES);
    }

    /** The first 200 by name. */
    Future<List<Row>> topics() {
        return rows(TOPICS);
    }

    private Future<List<Row>> rows(String sql) {
        return pool.preparedQuery(sql).execute().map(rows -> rows.stream().toList());
    }
}
