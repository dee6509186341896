package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts by value out of the tallies, and what values mean. */
final class FacetStore {

    /** One row at least; without a value it stands for the sums alone. */
    private static final String TALLIED = """
            WITH held AS (
              SELECT %1$s AS held, sum(s.letters)::bigint AS letters
              FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref JOIN dead_letter_topic t ON t.id = k.topic_ref
              WHERE s.hour = -1 AND s.letters > 0 AND %2$s
              GROUP BY 1),
            shown AS (
              SELECT value, sum(letters)::bigint AS letters FROM held CROSS JOIN unnest(held) AS value
              WHERE starts_with(value, %3$s) GROUP BY value ORDER BY 2 DESC, 1 LIMIT %4$s),
            sums AS (
              SELECT coalesce(sum(letters) FILTER (WHERE held = '{}'), 0)::bigint AS missing,
                coalesce(sum(letters) FILTER (WHERE held <> '{}'
                  AND NOT held && ARRAY (SELECT value FROM shown)), 0)::bigint AS others FROM held)
            SELECT shown.value, shown.letters, sums.missing, sums.others FROM sums LEFT JOIN shown ON true""";

    private static final String KINDS = """
            SELECT k.id, %s AS held FROM letter_kind k JOIN dead_letter_topic t ON t.id = k.topic_ref
            WHERE k.id = ANY ($1)""";

    private static final String TITLES = "SELECT id, title FROM failure_group WHERE id = ANY ($1)";

    private FacetStore() {}

    /** @param scope with a filter within {@link Reach#TALLY}, as is the field */
    static Future<Facets> tallied(SqlClient client, LetterScope scope, FacetField field, String prefix, int limit) {
        var to = new Parameters();
        var condition = new LetterCondition(to, scope).all(LetterCondition.conjuncts(scope.filter()));
        var sql = TALLIED.formatted(field.held(), condition, to.bind(prefix) + "::text", to.bind(limit) + "::integer");
        return client.preparedQuery(sql).execute(to.tuple()).map(rows -> {
            var values = rows.stream()
                    .filter(row -> row.getString("value") != null)
                    .map(row -> new Facets.Facet(row.getString("value"), row.getLong("letters")))
                    .toList();
            Row sums = rows.iterator().next();
            return new Facets(values, sums.getLong("others"), sums.getLong("missing"), true, List.of());
        });
    }

    /** @return what letters of each kind hold */
    static Future<Map<String, List<String>>> kinds(SqlClient client, FacetField field, Collection<String> ids) {
        var numbers = ids.stream().map(Integer::valueOf).toArray(Integer[]::new);
        return client.preparedQuery(KINDS.formatted(field.held()))
                .execute(Tuple.tuple().addArrayOfInteger(numbers))
                .map(rows -> {
                    var held = new HashMap<String, List<String>>();
                    rows.forEach(row ->
                            held.put(String.valueOf(row.getInteger("id")), List.of(row.getArrayOfStrings("held"))));
                    return held;
                });
    }

    /** @param ids of failure groups */
    static Future<Map<String, String>> titles(SqlClient client, Collection<String> ids) {
        var numbers = ids.stream().map(Long::valueOf).toArray(Long[]::new);
        return client.preparedQuery(TITLES)
                .execute(Tuple.tuple().addArrayOfLong(numbers))
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(
                                row -> String.valueOf(row.getLong("id")), row -> row.getString("title"))));
    }
}
