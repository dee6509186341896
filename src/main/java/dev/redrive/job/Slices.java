package dev.redrive.job;

import dev.redrive.letter.LetterWalk;
import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;

/** Walks the letters of a scope from the watermark down. */
final class Slices {

    private Slices() {}

    /** @param below exclusive; @return at most {@code limit} ids, and where to go on */
    static Future<Slice> next(SqlClient client, Scope scope, long below, int limit) {
        var filter = scope.filter();
        var ids = scope.ids();
        if (filter != null) {
            return LetterWalk.next(client, filter, Math.min(below, scope.watermark() + 1), limit);
        }
        var rest = ids == null
                ? List.<Long>of()
                : ids.stream().filter(id -> id < below).toList();
        var some = rest.subList(0, Math.min(limit, rest.size()));
        return Future.succeededFuture(
                new Slice(some, some.isEmpty() ? 0 : some.get(some.size() - 1), some.size() == rest.size()));
    }
}
