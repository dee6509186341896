package dev.redrive.job;

import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The letters of a selection, for a feature that reads them. */
public final class SelectedLetters {

    /** The end of the sentence "Left out, because it …" about a letter that is in no selection any more. */
    public static final String CHANGED = "changed after the selection was frozen";

    private final String q;
    private final Scope scope;

    private SelectedLetters(String q, Scope scope) {
        this.q = q;
        this.scope = scope;
    }

    /** @return fails with {@code not-found} or {@code selection-expired} */
    public static Future<SelectedLetters> find(Pool pool, UUID id) {
        return new SelectionStore(pool)
                .find(pool, id)
                .map(found -> SelectionRoutes.current(found, id))
                .map(selection -> new SelectedLetters(selection.scope().q(), selection.scope()));
    }

    /** As it was asked for. */
    public String q() {
        return q;
    }

    /** @return those that somebody changed since they were selected: a job leaves them out */
    public Future<Set<Long>> changed(SqlClient client, List<Long> ids) {
        return SelectionStore.changed(client, scope, ids);
    }

    /**
     * As {@link #next}, but only letters that nobody changed since: those that were frozen, though others fit by now.
     */
    public Future<Slice> unchanged(SqlClient client, long below, int limit) {
        return next(client, below, limit)
                .compose(slice -> changed(client, slice.ids()).map(changed -> {
                    var same = slice.ids().stream()
                            .filter(id -> !changed.contains(id))
                            .toList();
                    return new Slice(same, slice.nextBelow(), slice.end());
                }));
    }

    /** @param below exclusive; @return at most {@code limit} ids, and where to go on */
    public Future<Slice> next(SqlClient client, long below, int limit) {
        return Slices.next(client, scope, below, limit);
    }
}
