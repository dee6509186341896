package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** The SQL of a test: a delivery of its own that goes before what waits. */
final class EndpointTestStore {

    private static final String FIRST = """
            UPDATE alert_delivery SET next_attempt_at = to_timestamp(0) WHERE endpoint_id = $1 AND episode = $2
            RETURNING webhook_id""";

    private EndpointTestStore() {}

    /** @return the webhook-id */
    static Future<String> write(SqlConnection connection, int endpoint, AlertEvent test) {
        return EventStore.write(connection, List.of(test), List.of(endpoint))
                .compose(written -> connection.preparedQuery(FIRST).execute(Tuple.of(endpoint, test.episode())))
                .map(rows -> rows.iterator().next().getString("webhook_id"));
    }
}
