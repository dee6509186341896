package dev.redrive.grouping;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** Counts failure groups by value. It walks the groups, of which there are thousands, and never their letters. */
final class GroupFacetStore {

    private static final int MOST_COUNTED = 100_000;

    /** One row at least; without a value it stands for the sums alone. */
    private static final String COUNTED = """
            WITH met AS (
              SELECT %1$s AS held %2$s WHERE s.merged_into IS NULL AND %3$s AND %4$s LIMIT %5$d),
            held AS (SELECT held, count(*) AS groups FROM met GROUP BY held),
            shown AS (
              SELECT value, sum(groups)::bigint AS groups FROM held CROSS JOIN unnest(held) AS value
              WHERE starts_with(value, %6$s) GROUP BY value ORDER BY 2 DESC, 1 LIMIT %7$s),
            sums AS (
              SELECT coalesce(sum(groups), 0)::bigint AS looked,
                coalesce(sum(groups) FILTER (WHERE held = '{}'), 0)::bigint AS missing,
                coalesce(sum(groups) FILTER (WHERE held <> '{}'
                  AND NOT held && ARRAY (SELECT value FROM shown)), 0)::bigint AS others FROM held)
            SELECT shown.value, shown.groups, sums.looked, sums.missing, sums.others FROM sums LEFT JOIN shown ON true""";

    private final Pool pool;

    /** @param pool with a short statement timeout */
    GroupFacetStore(Pool pool) {
        this.pool = pool;
    }

    record Value(String value, long groups) {}

    /**
     * @param others groups that hold a value, but none of those
     * @param missing groups that hold none
     * @param exact false where there may be more of each
     */
    record Counted(List<Value> values, long others, long missing, boolean exact) {}

    /** @return values that begin so, most frequent first */
    Future<Counted> count(GroupFilter filter, GroupFacet facet, String prefix, int limit) {
        var values = Tuple.from(filter.parameters()).addString(prefix).addInteger(limit);
        var sql = COUNTED.formatted(
                facet.held(),
                GroupSql.FROM,
                FailureGroupListStore.inhabited(filter),
                filter.sql(),
                MOST_COUNTED + 1,
                "$" + (values.size() - 1) + "::text",
                "$" + values.size() + "::integer");
        return pool.preparedQuery(sql).execute(values).map(rows -> {
            var shown = rows.stream()
                    .filter(row -> row.getString("value") != null)
                    .map(row -> new Value(row.getString("value"), row.getLong("groups")))
                    .toList();
            Row sums = rows.iterator().next();
            return new Counted(
                    shown, sums.getLong("others"), sums.getLong("missing"), sums.getLong("looked") <= MOST_COUNTED);
        });
    }
}
