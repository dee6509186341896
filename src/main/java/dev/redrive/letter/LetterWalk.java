package dev.redrive.letter;

import dev.redrive.filter.Filter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Walks the letters of a filter from the highest id down, a bounded piece of work at a time. */
public final class LetterWalk {

    /**
     * @param ids that fit, highest first; may be few or none though there are more further down
     * @param nextBelow where to go on
     * @param end whether there is nothing further down
     */
    public record Slice(List<Long> ids, long nextBelow, boolean end) {
        public Slice {
            ids = List.copyOf(ids);
        }
    }

    private LetterWalk() {}

    /**
     * As {@link #next(SqlClient, LetterScope, long, int)} as of now and for nobody. Ages in the filter mean another time
     * at every call: freeze them by a scope where that matters.
     */
    public static Future<Slice> next(SqlClient client, Filter filter, long belowId, int limit) {
        return next(client, new LetterScope(filter, Instant.now(), null), belowId, limit);
    }

    /**
     * @param client a pool, or a connection whose transaction the read belongs to
     * @param belowId exclusive; {@link Long#MAX_VALUE} at the beginning
     * @param limit of ids, 1 or more
     * @return fails with {@link dev.redrive.filter.FilterException} where the filter asks what no letter knows
     */
    public static Future<Slice> next(SqlClient client, LetterScope scope, long belowId, int limit) {
        return LetterPlanStore.plan(client, scope)
                .compose(plan -> next(client, plan, belowId, limit, LetterWalkStore.MOST_LOOKED_AT));
    }

    /** @param most letters to look at, where they have to be looked at */
    static Future<Slice> next(SqlClient client, LetterPlan plan, long belowId, int limit, int most) {
        if (plan.isExact()) {
            return LetterWalkStore.ids(client, plan, belowId, limit)
                    .map(ids -> new Slice(ids, ids.isEmpty() ? belowId : ids.get(ids.size() - 1), ids.size() < limit));
        }
        return LetterWalkStore.window(client, plan, belowId, most, LetterWalkStore.Use.ids(limit))
                .map(window -> slice(window, limit));
    }

    static Slice slice(LetterWalkStore.Window window, int limit) {
        var ids = window.rows().stream()
                .map(row -> row.getLong("letter_id"))
                .sorted(Comparator.reverseOrder())
                .toList();
        // There may be more in the window below the last one that was asked for.
        return ids.size() < limit
                ? new Slice(ids, window.lowest(), window.end())
                : new Slice(ids, ids.get(ids.size() - 1), false);
    }
}
