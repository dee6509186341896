package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.List;

/** Letters by the time of their failure, out of the tallies. */
final class HistogramStore {

    private static final String BARS = """
            SELECT (s.hour - %1$s) / %3$s AS bar, s.status, sum(s.letters)::bigint AS letters
            FROM letter_tally s WHERE s.hour >= %1$s AND s.hour < %2$s AND s.letters > 0 AND %4$s
            GROUP BY 1, 2""";

    private HistogramStore() {}

    /**
     * @param scope with a filter within {@link Reach#TALLY}
     * @param first hour since 1970, {@code end} the one after the last
     * @param step in hours
     * @return rows of {@code bar, status, letters}
     */
    static Future<List<Row>> bars(SqlClient client, LetterScope scope, int first, int end, int step) {
        var to = new Parameters();
        var condition = new LetterCondition(to, scope).all(LetterCondition.conjuncts(scope.filter()));
        var sql = BARS.formatted(
                to.bind(first) + "::integer", to.bind(end) + "::integer", to.bind(step) + "::integer", condition);
        return client.preparedQuery(sql)
                .execute(to.tuple())
                .map(rows -> rows.stream().toList());
    }
}
