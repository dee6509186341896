package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import org.jspecify.annotations.Nullable;

/** Is told of every change that somebody makes to a letter, inside the transaction of the change. */
public interface ChangeLog {

    /**
     * @param action {@code discarded} or {@code restored}
     * @param requestId of the HTTP request
     */
    record Change(
            long letterId,
            String action,
            String actor,
            @Nullable String reason,
            String requestId) {}

    /** The change is committed only if this succeeds. */
    Future<Void> changed(SqlConnection connection, Change change);
}
