package dev.redrive.overview;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** The SQL of the overview. Sums counters that are kept; never counts letters. */
final class OverviewStore {

    /** The oldest open letter is the one stored first; its failure may be a little older than its neighbour's. */
    private static final String NUMBERS = """
            SELECT sums.*, latest.arrived, oldest.failed_at AS oldest_open_at, place.updated_at AS ingested_at,
              (SELECT count(*) FROM dead_letter_topic) AS topics, (SELECT count(*) FROM ingest_gap) AS gaps,
              (SELECT count(*) FROM alert WHERE state = 'firing') AS alerts_firing, now() AS as_of
            FROM (
              SELECT count(*) AS groups, count(*) FILTER (WHERE open > 0) AS open_groups,
                max(last_seen_at) FILTER (WHERE letters > 0) AS last_failure_at,
                coalesce(sum(letters), 0)::bigint AS letters, coalesce(sum(open), 0)::bigint AS open,
                coalesce(sum(replaying), 0)::bigint AS replaying, coalesce(sum(replayed), 0)::bigint AS replayed,
                coalesce(sum(recovered), 0)::bigint AS recovered, coalesce(sum(returned), 0)::bigint AS returned,
                coalesce(sum(discarded), 0)::bigint AS discarded, coalesce(sum(purged), 0)::bigint AS purged
              FROM failure_group_counter) AS sums
            CROSS JOIN (
              SELECT coalesce(sum(letters), 0)::bigint AS arrived FROM failure_group_bucket
              WHERE hour >= date_trunc('hour', now()) - interval '1 hour') AS latest
            CROSS JOIN (SELECT max(updated_at) AS updated_at FROM ingest_position) AS place
            LEFT JOIN (
              SELECT d.failed_at FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
              WHERE s.status = 'open' ORDER BY s.letter_id LIMIT 1) AS oldest ON true""";

    private static final String TREND = """
            SELECT hours.start, coalesce(sum(b.letters), 0)::bigint AS letters
            FROM generate_series(date_trunc('hour', now()) - make_interval(hours => $1 - 1),
              date_trunc('hour', now()), interval '1 hour') AS hours (start)
            LEFT JOIN failure_group_bucket b ON b.hour = hours.start
            GROUP BY hours.start ORDER BY hours.start""";

    private final Pool pool;

    OverviewStore(Pool pool) {
        this.pool = pool;
    }

    Future<Row> numbers() {
        return pool.preparedQuery(NUMBERS).execute().map(rows -> rows.iterator().next());
    }

    /** @param hours 1 or more; @return one row for each of the last hours, oldest first, the present one included */
    Future<List<Row>> trend(int hours) {
        return pool.preparedQuery(TREND)
                .execute(Tuple.of(hours))
                .map(rows -> rows.stream().toList());
    }
}
