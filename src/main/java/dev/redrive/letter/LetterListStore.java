package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The lists of letters. Never reads bytes of records, apart from the beginning of a key. */
final class LetterListStore {

    /**
     * @param rows of {@link LetterJson#summary}, highest id first
     * @param scannedTo where the search stopped because it had looked at {@link #MOST_SCANNED} letters; empty where it
     *     saw all of them, or found enough
     */
    record Page(List<Row> rows, Optional<Long> scannedTo) {}

    /** @param exact false where counting stopped early */
    record Count(long value, boolean exact) {}

    /** So many letters are looked at for one page when a condition needs the wide row. */
    static final int MOST_SCANNED = 100_000;

    private static final int MOST_COUNTED = 100_000;
    private static final String QUERY_CANCELED = "57014";

    private static final String SUMMARY = """
            SELECT s.letter_id, s.version, s.status, s.returns, s.parent_id, s.changed_at, d.failure_group_id,
              d.failed_at, d.ingested_at, d.kafka_partition, d.kafka_offset, d.kafka_timestamp, d.leader_epoch,
              d.convention, d.payload, d.replayable, d.value_size, substring(d.key FROM 1 FOR 64) AS key_start,
              d.origin_topic, d.origin_partition, d.origin_offset, d.origin_timestamp, d.origin_group,
              d.origin_inferred_from, d.exception_class, d.cause_class, left(d.message, 1000) AS message, d.attempts,
              d.replay_id, t.name AS topic, t.topic_id, c.name AS cluster
            FROM (%s) AS walked
            JOIN letter_state s ON s.letter_id = walked.letter_id
            JOIN dead_letter d ON d.id = walked.letter_id
            JOIN dead_letter_topic t ON t.id = d.topic_ref
            JOIN cluster c ON c.id = t.cluster_id
            WHERE %s
            ORDER BY walked.letter_id DESC LIMIT %d""";

    private static final String SCANNED = """
            SELECT count(*) AS letters, min(letter_id) AS lowest FROM (%s) AS walked""";

    private static final String COUNT_NARROW = "SELECT count(*) AS letters FROM (%s) AS walked";

    private static final String COUNT_WIDE = """
            SELECT count(*) AS letters FROM (%s) AS walked
            JOIN letter_state s ON s.letter_id = walked.letter_id
            JOIN dead_letter d ON d.id = walked.letter_id
            WHERE %s""";

    private final Pool pool;

    /** @param pool with a short statement timeout, so that one search starves nobody */
    LetterListStore(Pool pool) {
        this.pool = pool;
    }

    /** @return the letters below the id that fit, at most {@code fetch} of them */
    Future<Page> page(LetterFilter filter, long beforeId, int fetch) {
        var parameters = Tuple.from(filter.parameters()).addLong(beforeId);
        var before = "$" + parameters.size();
        int bound = filter.needsWideRow() ? MOST_SCANNED : fetch;
        var walk = filter.walk(before, Integer.toString(bound));
        return pool.preparedQuery(SUMMARY.formatted(walk, filter.wideSql(), fetch))
                .execute(parameters)
                .map(rows -> rows.stream().toList())
                .compose(rows -> rows.size() < fetch && filter.needsWideRow()
                        ? scannedTo(walk, parameters).map(scanned -> new Page(rows, scanned))
                        : Future.succeededFuture(new Page(rows, Optional.empty())));
    }

    private Future<Optional<Long>> scannedTo(String walk, Tuple parameters) {
        return pool.preparedQuery(SCANNED.formatted(walk)).execute(parameters).map(rows -> {
            var row = rows.iterator().next();
            return row.getLong("letters") < MOST_SCANNED ? Optional.empty() : Optional.of(row.getLong("lowest"));
        });
    }

    /** Counts for at most 300 ms and to 100,000 at most. */
    Future<Count> count(LetterFilter filter) {
        var parameters = Tuple.from(filter.parameters()).addLong(Long.MAX_VALUE);
        var walk = filter.walk("$" + parameters.size(), Integer.toString(MOST_COUNTED + 1));
        var sql = filter.needsWideRow() ? COUNT_WIDE.formatted(walk, filter.wideSql()) : COUNT_NARROW.formatted(walk);
        return pool.withTransaction(connection -> connection
                        .preparedQuery("SELECT set_config('statement_timeout', '300', true)")
                        .execute()
                        .compose(set -> connection.preparedQuery(sql).execute(parameters)))
                .map(rows -> rows.iterator().next().getLong("letters"))
                .map(letters -> new Count(Math.min(letters, MOST_COUNTED), letters <= MOST_COUNTED))
                .recover(failure -> failure instanceof PgException slow && QUERY_CANCELED.equals(slow.getSqlState())
                        ? Future.succeededFuture(new Count(0, false))
                        : Future.failedFuture(failure));
    }
}
