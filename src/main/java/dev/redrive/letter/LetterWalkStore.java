package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at letters a window at a time, so that every statement is short whatever the filter. */
final class LetterWalkStore {

    /** Letters a statement looks at where their rows have to be read. */
    static final int MOST_LOOKED_AT = 2_000;

    /** Bytes of values, and of what envelopes held, that a statement looks at; one letter at least. */
    private static final int MOST_BYTES = 16 << 20;

    /**
     * What a statement makes of the letters of its window that fit.
     *
     * @param select over the aliases {@code w}, which has the id alone, {@code s} letter_state and {@code d} dead_letter;
     *     behind it stand FROM and WHERE
     * @param end GROUP BY, ORDER BY and LIMIT
     * @param reach at least as far as {@code select} has to; null where the ids are enough
     */
    record Use(String select, String end, @Nullable Reach reach) {

        static Use ids(int most) {
            return new Use("w.letter_id", " ORDER BY w.letter_id DESC LIMIT " + most, null);
        }
    }

    /**
     * @param looked how many letters were looked at
     * @param lowest of them; the next window lies below it
     * @param unread of them, those whose value lies outside the row and would have decided whether they fit
     * @param end whether there are no more
     * @param rows as the use has them
     */
    record Window(int looked, long lowest, int unread, boolean end, List<Row> rows) {}

    private LetterWalkStore() {}

    /** Every letter that the plan's driver gives fits, so no row need be read. */
    static Future<List<Long>> ids(SqlClient client, LetterPlan plan, long below, int most) {
        var to = new Parameters();
        // No parameters: a plan for every limit would be one for a tenth of all letters, and below any id, for a third.
        var from = below == Long.MAX_VALUE ? Long.toString(below) : to.bind(below);
        var walk = plan.driver().exact(to, from + "::bigint", most);
        return client.preparedQuery(walk).execute(to.tuple()).map(rows -> {
            var ids = new ArrayList<Long>();
            rows.forEach(row -> ids.add(row.getLong(0)));
            return ids;
        });
    }

    static Future<Window> window(SqlClient client, LetterPlan plan, long below, int most, Use use) {
        var to = new Parameters();
        var from = to.bind(below) + "::bigint";
        var limit = to.bind(most) + "::integer";
        var walk = plan.driver().walk(to, from, limit);
        var condition = new LetterCondition(to, plan.scope()).all(plan.residual());
        boolean bytes = plan.reach() == Reach.BYTES;
        var sql = "WITH walked AS MATERIALIZED (" + walk + "), looked AS MATERIALIZED ("
                + (bytes ? WITHIN_BYTES : "SELECT letter_id FROM walked") + IN_ORDER + ")"
                + BOUNDS.formatted(unread(plan, condition), used(plan, use, condition, near(plan, from, limit)));
        return client.preparedQuery(sql).execute(to.tuple()).map(rows -> window(rows, below, most));
    }

    /** A Postgres from 17 on knows by it that it may stop at the last one that is wanted. */
    private static final String IN_ORDER = " ORDER BY letter_id DESC";

    private static final String WITHIN_BYTES = """
            SELECT letter_id, unread FROM (
              SELECT w.letter_id, %s AS unread,
                sum(coalesce(CASE d.storage WHEN 'inline' THEN d.value_size END, 0) + coalesce(octet_length(d.unwrapped), 0))
                  OVER (ORDER BY w.letter_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM walked w CROSS JOIN LATERAL (
                SELECT x.storage, x.payload, x.value_size, x.unwrapped FROM dead_letter x WHERE x.id = w.letter_id LIMIT 1) d)
              AS summed
            WHERE before IS NULL OR before < %d""".formatted(BytesTerms.UNREAD, MOST_BYTES);

    private static final String BOUNDS = """

            SELECT bounds.*, fit.* FROM (
              SELECT (SELECT count(*) FROM walked)::integer AS walked_letters, count(*)::integer AS looked_letters,
                min(letter_id) AS lowest, %s::integer AS unread_letters FROM looked)
              AS bounds LEFT JOIN (%s) AS fit ON true""";

    /** @param near what gives the wide rows of all that was looked at, null where that is dear */
    private static String used(LetterPlan plan, Use use, String condition, @Nullable String near) {
        var reach = use.reach();
        boolean state = reach != null || plan.asksState();
        boolean wide = Reach.RECORD.isWithin(plan.reach()) || reach != null && Reach.RECORD.isWithin(reach);
        var letters = wide && near != null ? from(near, state, false) : from("looked w", state, wide);
        return "SELECT true AS fits, " + use.select() + letters + " WHERE " + condition + use.end();
    }

    /**
     * Letters that lie side by side are read side by side, in a fifth of the time; the limit keeps that a walk of the
     * index. No letter is without a state, so these are those that were looked at.
     */
    private static @Nullable String near(LetterPlan plan, String below, String limit) {
        return plan.driver() instanceof Driver.Everything && plan.reach() != Reach.BYTES
                ? "(SELECT * FROM dead_letter x WHERE x.id < " + below
                        + " AND x.id >= (SELECT min(looked.letter_id) FROM looked) ORDER BY x.id DESC LIMIT " + limit
                        + ") d CROSS JOIN LATERAL (SELECT d.id AS letter_id) w"
                : null;
    }

    /** One row at a time by its key: no statistics can make a scan of the table of this. */
    private static String from(String letters, boolean state, boolean wide) {
        return " FROM " + letters
                + (state
                        ? " CROSS JOIN LATERAL (SELECT * FROM letter_state x WHERE x.letter_id = w.letter_id LIMIT 1) s"
                        : "")
                + (wide ? " CROSS JOIN LATERAL (SELECT * FROM dead_letter x WHERE x.id = w.letter_id LIMIT 1) d" : "");
    }

    /** The dear question is asked of the few letters alone whose value lies elsewhere. */
    private static String unread(LetterPlan plan, String condition) {
        return plan.asksValue()
                ? "(SELECT count(*)" + from("looked w", plan.asksState(), true) + " WHERE w.unread AND (" + condition
                        + ") IS NULL)"
                : "0";
    }

    private static Window window(RowSet<Row> rows, long below, int most) {
        var fits = new ArrayList<Row>();
        @Nullable Row bounds = null;
        for (var row : rows) {
            bounds = row;
            if (row.getBoolean("fits") != null) {
                fits.add(row);
            }
        }
        if (bounds == null) {
            throw new IllegalStateException("A window always has its bounds");
        }
        int looked = bounds.getInteger("looked_letters");
        int walked = bounds.getInteger("walked_letters");
        @Nullable Long lowest = bounds.getLong("lowest");
        return new Window(
                looked,
                lowest == null ? below : lowest,
                bounds.getInteger("unread_letters"),
                walked < most && looked == walked,
                fits);
    }
}
