package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;

/** The SQL of {@code alert_delivery} for whoever looks after those that are dead. */
final class DeadDeliveryStore {

    /** A test that failed was seen by who made it. */
    private static final String DEAD = """
            SELECT e.id, e.name, count(*) AS events, min(d.created_at) AS since
            FROM alert_delivery d JOIN alert_endpoint e ON e.id = d.endpoint_id
            WHERE d.state = 'dead' AND d.created_at > $1 AND d.event <> $2 AND e.state <> 'absent' AND e.enabled
            GROUP BY e.id, e.name ORDER BY e.id""";

    private DeadDeliveryStore() {}

    /** @param since when the first of the events was written */
    record Dead(int endpointId, String endpoint, long events, Instant since) {}

    static Future<List<Dead>> dead(SqlClient client, Instant since) {
        return client.preparedQuery(DEAD)
                .execute(Tuple.of(AlertRuleStore.utc(since), TestAlert.TYPE))
                .map(rows -> rows.stream()
                        .map(row -> new Dead(
                                row.getInteger("id"),
                                row.getString("name"),
                                row.getLong("events"),
                                row.getOffsetDateTime("since").toInstant()))
                        .toList());
    }
}
