package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.Match;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Decides how the letters of a filter are found, by the letters that are counted already. */
final class LetterPlanStore {

    /** So many places of an index are merged; beyond, what is common is met soon on the way through all letters. */
    static final int MOST_LANES = 300;

    /** Where one letter in so many fits, the hours of a filter are walked without asking how many letters they have. */
    private static final int MOST_FOR_ONE = 10;

    private static final String GROUP = "failure_group_id";
    private static final String KIND = "kind_ref";

    /** {@code stored}: about how many letters there are, -1 where nobody knows. */
    private static final String LANES = """
            SELECT %1$s AS value, s.status, sum(s.letters)::bigint AS letters,
              (SELECT c.reltuples::bigint FROM pg_class c WHERE c.oid = 'letter_state'::regclass) AS stored
            FROM letter_tally s WHERE s.hour = -1 AND s.letters > 0 AND %2$s
            GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100000""";

    private static final String LETTERS = """
            SELECT coalesce(sum(s.letters), 0)::bigint AS letters
            FROM letter_tally s WHERE s.hour BETWEEN %s AND %s AND %s""";

    private LetterPlanStore() {}

    /** @return fails with {@link dev.redrive.filter.FilterException} where the filter asks what no letter knows */
    static Future<LetterPlan> plan(SqlClient client, LetterScope scope) {
        return Future.succeededFuture(LetterCondition.conjuncts(scope.filter())).compose(all -> {
            // Refused here, before anything is asked.
            new LetterCondition(new Parameters(), scope).all(all);
            var rest = DriverChoice.of(scope, all);
            var kinds = rest.kindsOfLooping();
            if (!kinds.isEmpty()) {
                return looping(client, scope, kinds)
                        .map(found -> found.size() > MOST_LANES
                                ? rest.plan(new Driver.Everything())
                                : rest.plan(new Driver.Looping(found), kinds));
            }
            var counted = within(all, Reach.TALLY);
            if (rest.isSelective() || counted.isEmpty()) {
                return Future.succeededFuture(rest.plan(new Driver.Everything()));
            }
            return lanes(client, scope, counted).compose(lanes -> {
                var hours = rest.hours();
                if (hours == null) {
                    return Future.succeededFuture(rest.plan(lanes));
                }
                return lanes.isCommon()
                        ? Future.succeededFuture(rest.plan(hours))
                        : letters(client, scope, hours.first(), hours.last(), List.of())
                                .map(within -> within < lanes.letters() ? rest.plan(hours) : rest.plan(lanes));
            });
        });
    }

    /** @return the kinds that fit, or some of them where these are too many */
    private static Future<List<Integer>> looping(SqlClient client, LetterScope scope, List<Filter> kinds) {
        var to = new Parameters();
        var sql = KindTerms.ids(new LetterCondition(to, scope).allOfKind(kinds)) + " LIMIT " + (MOST_LANES + 1);
        return client.preparedQuery(sql)
                .execute(to.tuple())
                .map(rows -> rows.stream().map(row -> row.getInteger(0)).toList());
    }

    static List<Filter> within(Collection<Filter> filters, Reach reach) {
        return filters.stream().filter(part -> Reach.of(part).isWithin(reach)).toList();
    }

    /**
     * @param covered what the driver sees to
     * @param letters that fit the terms whose letters are counted
     * @param isWhole whether the driver walks over those alone
     * @param isCommon whether letters that fit are met soon wherever one looks
     */
    record Counted(Driver driver, List<Filter> covered, long letters, boolean isWhole, boolean isCommon) {}

    private static Future<Counted> lanes(SqlClient client, LetterScope scope, List<Filter> counted) {
        var to = new Parameters();
        var condition = new LetterCondition(to, scope).all(counted);
        var column = column(counted);
        var value = column.isEmpty() ? "0::bigint" : "s." + column + "::bigint";
        return client.preparedQuery(LANES.formatted(value, condition))
                .execute(to.tuple())
                .map(rows -> counted(rows, column, counted));
    }

    private static Counted counted(RowSet<Row> rows, String column, List<Filter> filters) {
        var values = new ArrayList<Long>();
        var statuses = new ArrayList<String>();
        long letters = 0;
        long stored = 0;
        for (var row : rows) {
            values.add(row.getLong("value"));
            statuses.add(row.getString("status"));
            letters += row.getLong("letters");
            stored = row.getLong("stored");
        }
        boolean common = stored > 0 && letters >= stored / MOST_FOR_ONE;
        if (values.size() > MOST_LANES) {
            return new Counted(new Driver.Everything(), List.of(), letters, false, common);
        }
        var covered = covered(column, filters);
        var driver = new Lanes(column, values, statuses, letters);
        return new Counted(driver, covered, letters, covered.size() == filters.size(), common);
    }

    /** @return the letters that fit, by the tallies of these hours; -1 stands for all hours */
    static Future<Long> letters(SqlClient client, LetterScope scope, int first, int last, Collection<Filter> counted) {
        var to = new Parameters();
        var condition = new LetterCondition(to, scope).all(counted);
        var sql = LETTERS.formatted(to.bind(first) + "::integer", to.bind(last) + "::integer", condition);
        return client.preparedQuery(sql)
                .execute(to.tuple())
                .map(rows -> rows.iterator().next().getLong("letters"));
    }

    /** The column that parts the letters into the fewest places: groups where they are named, else kinds. */
    private static String column(List<Filter> counted) {
        boolean groups = counted.stream()
                .anyMatch(part -> part instanceof Match match
                        && match.field() == Field.GROUP
                        && DriverChoice.exactly(match).isPresent());
        return groups ? GROUP : counted.stream().anyMatch(part -> isAbout(part, Reach.KIND)) ? KIND : "";
    }

    private static boolean isAbout(Filter filter, Reach reach) {
        return DriverChoice.touches(filter, match -> Reach.of(match) == reach);
    }

    private static boolean isAboutGroups(Filter filter) {
        return DriverChoice.touches(filter, match -> match.field() == Field.GROUP);
    }

    /** Status is part of every lane; what is about another column too has to be looked at letter by letter. */
    private static List<Filter> covered(String column, List<Filter> counted) {
        return counted.stream()
                .filter(part -> column.equals(KIND) || !isAbout(part, Reach.KIND))
                .filter(part -> column.equals(GROUP) || !isAboutGroups(part))
                .toList();
    }
}
