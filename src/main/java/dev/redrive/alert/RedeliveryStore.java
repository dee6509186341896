package dev.redrive.alert;

import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The SQL that sends a delivery again because a person says so. */
final class RedeliveryStore {

    /**
     * The id stays, so a receiver that had it may drop it. The schedule begins anew, before all that waits: whoever asks
     * knows why, so an open breaker does not hold it.
     */
    private static final String AGAIN = """
            UPDATE alert_delivery d SET state = 'pending', attempts = 0, next_attempt_at = to_timestamp(0), delivered_at = NULL,
              last_error = NULL, suppressed_by = NULL
            FROM alert_endpoint e
            WHERE d.webhook_id = $1 AND d.state <> 'pending' AND e.id = d.endpoint_id AND e.state = 'active'
            RETURNING pg_notify($2, '{"what":"deliveries"}')""";

    private final Pool pool;

    RedeliveryStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** @return false where it is on its way already, or its endpoint takes nothing */
    Future<Boolean> again(SqlConnection connection, String webhookId) {
        return connection
                .preparedQuery(AGAIN)
                .execute(Tuple.of(webhookId, Database.CHANGED))
                .map(rows -> rows.size() == 1);
    }
}
