package dev.redrive.letter;

import dev.redrive.letter.LetterWalkStore.Use;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Letters by value: out of the tallies where the filter is about what is tallied, else by looking at the newest. */
final class LetterFacets {

    private final Pool reading;
    private final Pool searching;

    LetterFacets(Pool reading, Pool searching) {
        this.reading = reading;
        this.searching = searching;
    }

    Future<Facets> count(LetterScope scope, FacetField field, String prefix, int limit) {
        boolean tallied =
                Reach.of(scope.filter()).isWithin(Reach.TALLY) && field.reach().isWithin(Reach.TALLY);
        return tallied
                ? FacetStore.tallied(reading, scope, field, prefix, limit)
                : LetterPlanStore.plan(reading, scope).compose(plan -> scanned(plan, field, prefix, limit));
    }

    private Future<Facets> scanned(LetterPlan plan, FacetField field, String prefix, int limit) {
        boolean ofKind = field.reach() == Reach.KIND;
        // What letters of a kind hold is looked up once for the kind.
        var held = ofKind ? "ARRAY[s.kind_ref::text]" : field.held();
        var use = new Use(held + " AS held, count(*) AS letters", " GROUP BY 2", ofKind ? Reach.STATE : field.reach());
        var letters = new HashMap<List<String>, Long>();
        var scan = new Scan(searching, plan, Long.MAX_VALUE, LetterSearch.MOST_COUNTED);
        return scan.run(
                        LetterWalkStore.MOST_LOOKED_AT,
                        use,
                        window -> window.rows().forEach(row -> add(letters, row)),
                        () -> Integer.MAX_VALUE)
                .compose(done -> ofKind ? translated(letters, field) : Future.succeededFuture(letters))
                .map(found -> Facets.of(found, prefix, limit, scan.isExact(), scan.partial(false)));
    }

    private static void add(Map<List<String>, Long> letters, Row row) {
        letters.merge(List.of(row.getArrayOfStrings("held")), row.getLong("letters"), Long::sum);
    }

    private Future<Map<List<String>, Long>> translated(Map<List<String>, Long> byKind, FacetField field) {
        var ids = byKind.keySet().stream().map(kind -> kind.get(0)).toList();
        return FacetStore.kinds(reading, field, ids).map(held -> {
            var letters = new HashMap<List<String>, Long>();
            byKind.forEach((kind, count) -> letters.merge(held.getOrDefault(kind.get(0), List.of()), count, Long::sum));
            return letters;
        });
    }
}
