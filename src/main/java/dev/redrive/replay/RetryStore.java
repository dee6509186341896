package dev.redrive.replay;

import dev.redrive.job.JobOrder.Retry;
import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The letters of a job that is tried again. */
final class RetryStore {

    private static final String BY_REPLAY = """
            SELECT r.letter_id FROM replay r
            WHERE r.job_id = $1 AND replay_result(r.state, r.outcome) = ANY ($2) AND r.outcome IS DISTINCT FROM 'returned'""";

    /** What came back is another letter, which is the one to send. */
    private static final String RETURNED = """
            SELECT r.returned_as AS letter_id FROM replay r
            WHERE r.job_id = $1 AND 'returned' = ANY ($2) AND r.outcome = 'returned' AND r.returned_as IS NOT NULL""";

    /** Those that did not become a replay, because something went wrong when it was their turn. */
    private static final String BY_ITEM = """
            SELECT i.letter_id FROM job_item i WHERE i.job_id = $1 AND 'failed' = ANY ($2) AND i.result = 'failed'""";

    private static final String COUNT = """
            SELECT count(*) AS letters FROM (%s UNION %s UNION %s) AS meant""".formatted(BY_REPLAY, RETURNED, BY_ITEM);

    /** Each part goes down the index of its table, so that a job of any size is walked once. */
    private static final String LETTERS = """
            SELECT letter_id FROM (
              (%s AND r.letter_id < $3 ORDER BY r.letter_id DESC LIMIT $4)
              UNION (%s AND r.returned_as < $3 ORDER BY r.returned_as DESC LIMIT $4)
              UNION (%s AND i.letter_id < $3 ORDER BY i.letter_id DESC LIMIT $4)) AS meant
            ORDER BY letter_id DESC LIMIT $4""".formatted(BY_REPLAY, RETURNED, BY_ITEM);

    private static final String UNDECIDED = """
            SELECT letter_id FROM replay WHERE letter_id = ANY ($1) AND state = 'uncertain'""";

    private RetryStore() {}

    static Future<Long> count(SqlConnection connection, Retry retry) {
        return connection
                .preparedQuery(COUNT)
                .execute(meant(retry))
                .map(rows -> rows.iterator().next().getLong("letters"));
    }

    /** @param below exclusive */
    static Future<Slice> letters(SqlConnection connection, Retry retry, long below, int limit) {
        return connection
                .preparedQuery(LETTERS)
                .execute(meant(retry).addLong(below).addInteger(limit))
                .map(rows -> rows.stream().map(row -> row.getLong("letter_id")).toList())
                .map(ids -> new Slice(ids, ids.isEmpty() ? 0 : ids.get(ids.size() - 1), ids.size() < limit));
    }

    /** @return those of which nobody knows whether they were sent */
    static Future<Set<Long>> undecided(SqlConnection connection, List<Long> letters) {
        return connection
                .preparedQuery(UNDECIDED)
                .execute(Tuple.tuple().addArrayOfLong(letters.toArray(Long[]::new)))
                .map(rows -> {
                    var found = new HashSet<Long>();
                    rows.forEach(row -> found.add(row.getLong("letter_id")));
                    return Set.copyOf(found);
                });
    }

    private static Tuple meant(Retry retry) {
        return Tuple.of(retry.job()).addArrayOfString(retry.results().toArray(String[]::new));
    }
}
