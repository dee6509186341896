package dev.redrive.letter;

import dev.redrive.letter.LetterWalkStore.Use;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pages and counts of letters that fit a filter. */
final class LetterSearch {

    /**
     * @param rows of {@link LetterJson#summary}, highest id first
     * @param below where a search that stopped early goes on; {@link #NOWHERE} where it did not
     * @param partial what was not searched, in words
     * @param searched how far a search came that stopped early; null where it did not
     */
    record Page(
            List<Row> rows,
            long below,
            List<String> partial,
            @Nullable Searched searched) {}

    /** @param of those that have to be looked at over all pages; null where that is not counted */
    record Searched(long letters, @Nullable Long of) {}

    /** @param exact false where there may be more */
    record Count(long value, boolean exact) {}

    /** {@code query_canceled}, see appendix A of the manual of Postgres. */
    private static final String TIMED_OUT = "57014";

    static final long NOWHERE = -1;
    static final Duration MOST_SEARCHED = Duration.ofSeconds(2);
    static final Duration MOST_COUNTED = Duration.ofMillis(300);

    private final Pool reading;
    private final Pool searching;

    /**
     * @param reading with a short statement timeout
     * @param searching the same, for what looks at letters one by one, so that it holds up nobody else
     */
    LetterSearch(Pool reading, Pool searching) {
        this.reading = reading;
        this.searching = searching;
    }

    Pool reading() {
        return reading;
    }

    Future<LetterPlan> plan(LetterScope scope) {
        return LetterPlanStore.plan(reading, scope);
    }

    /** @return the letters below the id that fit, at most {@code fetch} of them */
    Future<Page> page(LetterScope scope, long belowId, int fetch) {
        return plan(scope)
                .compose(plan -> plan.isExact()
                        ? LetterWalkStore.ids(reading, plan, belowId, fetch)
                                .compose(ids -> page(ids, NOWHERE, List.of(), null))
                        : searched(plan, belowId, fetch));
    }

    private Future<Page> searched(LetterPlan plan, long belowId, int fetch) {
        var ids = new ArrayList<Long>();
        var scan = new Scan(searching, plan, belowId, MOST_SEARCHED);
        // Fewer where each may be megabytes; else one window more costs more than the letters of a larger one.
        return scan.run(
                        plan.reach() == Reach.BYTES ? 2 * fetch : 8 * fetch,
                        Use.ids(fetch),
                        window -> window.rows().forEach(row -> ids.add(row.getLong("letter_id"))),
                        () -> fetch - ids.size())
                .compose(done -> {
                    ids.sort(Comparator.reverseOrder());
                    if (ids.size() >= fetch) {
                        return page(ids.subList(0, fetch), NOWHERE, scan.unread(), null);
                    }
                    return page(
                            ids,
                            scan.isComplete() ? NOWHERE : scan.below(),
                            scan.partial(true),
                            scan.isComplete() ? null : scan.searched());
                });
    }

    private Future<Page> page(List<Long> ids, long below, List<String> partial, @Nullable Searched searched) {
        return LetterListStore.summaries(reading, ids).map(rows -> new Page(rows, below, partial, searched));
    }

    /**
     * What the fields are of the letters of a page. It reads their bytes, so it takes the pool of those that search.
     *
     * @return null where it took too long, because a list without them is better than none
     */
    Future<@Nullable Map<Long, JsonArray>> shown(ShownFields fields, Page page) {
        var letters = page.rows().stream().map(row -> row.getLong("letter_id")).toList();
        return ShownFieldStore.values(searching, fields, letters)
                .recover(failure -> failure instanceof PgException refused && TIMED_OUT.equals(refused.getSqlState())
                        ? Future.succeededFuture(null)
                        : Future.failedFuture(failure));
    }

    /** Exact where letters are counted as they come; else counts for 300 ms and to 100,000 at most. */
    Future<Count> count(LetterScope scope) {
        var all = LetterCondition.conjuncts(scope.filter());
        if (Reach.farthest(all).isWithin(Reach.TALLY)) {
            return LetterPlanStore.letters(reading, scope, -1, -1, all).map(letters -> new Count(letters, true));
        }
        return plan(scope).compose(plan -> {
            long[] counted = {0};
            var scan = new Scan(searching, plan, Long.MAX_VALUE, MOST_COUNTED);
            return scan.run(
                            LetterWalkStore.MOST_LOOKED_AT,
                            new Use("count(*) AS letters", "", null),
                            window -> window.rows().forEach(row -> counted[0] += row.getLong("letters")),
                            () -> Integer.MAX_VALUE)
                    .map(done -> new Count(counted[0], scan.isExact()));
        });
    }
}
