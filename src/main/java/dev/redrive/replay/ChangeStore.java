package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Objects;

/** Puts what happened to replays into the audit and tells listeners, both in the transaction in which it happened. */
final class ChangeStore {

    private static final String TELL =
            "SELECT pg_notify($1, json_build_object('what', 'letters', 'ids', $2::bigint[])::text)";

    /** Notifications are at most 8000 bytes; a listener that gets none of the ids simply looks again. */
    private static final int MOST_IDS = 100;

    private final AuditStore audit;

    ChangeStore(AuditStore audit) {
        this.audit = audit;
    }

    Future<Void> record(SqlConnection connection, List<AuditEvent> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        var letters = events.stream()
                .map(AuditEvent::letterId)
                .filter(Objects::nonNull)
                .distinct()
                .limit(MOST_IDS)
                .toArray(Long[]::new);
        return audit.recordAll(connection, events)
                .compose(recorded -> connection
                        .preparedQuery(TELL)
                        .execute(Tuple.of(Database.CHANGED).addArrayOfLong(letters)))
                .mapEmpty();
    }
}
