package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code alert} for people. */
final class AlertListStore {

    private static final String PAGE = """
            SELECT * FROM alert
            WHERE id < $1 AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR rule_id = $3)
            ORDER BY id DESC LIMIT $4""";

    private static final String FIND = "SELECT * FROM alert WHERE id = $1";

    private static final String OPEN = "SELECT * FROM alert WHERE state <> 'resolved' ORDER BY id DESC LIMIT 5000";

    private static final String ACKNOWLEDGE = """
            UPDATE alert SET acknowledged_by = $2, acknowledged_at = $3, note = $4, suppressed_by = 'acknowledgement',
              suppressed_id = NULL, suppressed_what = 'Acknowledged by ' || $2::text
            WHERE id = $1 AND state <> 'resolved' RETURNING *""";

    private AlertListStore() {}

    /** @param state null for every one; so too {@code ruleId}. @return newest first */
    static Future<List<Episode>> page(
            Pool pool, @Nullable String state, @Nullable Long ruleId, long beforeId, int limit) {
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(beforeId, state, ruleId, limit))
                .map(rows -> rows.stream().map(Episode::from).toList());
    }

    static Future<Optional<Episode>> find(SqlClient client, long id) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().map(Episode::from).findFirst());
    }

    /** @return what is not over yet, newest first; 5,000 at most */
    static Future<List<Episode>> open(SqlClient client) {
        return client.query(OPEN)
                .execute()
                .map(rows -> rows.stream().map(Episode::from).toList());
    }

    /** @return empty where the alert is over or there is none */
    static Future<Optional<Episode>> acknowledge(
            SqlConnection connection, long id, String actor, @Nullable String note, Instant now) {
        return connection
                .preparedQuery(ACKNOWLEDGE)
                .execute(Tuple.of(id, actor, AlertRuleStore.utc(now), note))
                .map(rows -> rows.stream().map(Episode::from).findFirst());
    }
}
