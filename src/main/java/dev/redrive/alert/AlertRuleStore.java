package dev.redrive.alert;

import dev.redrive.alert.AlertRule.Spec;
import dev.redrive.postgres.TurnstileStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The SQL of {@code alert_rule}. */
final class AlertRuleStore {

    static final int MOST = 200;

    private static final String LIST = """
            SELECT r.*, a.firing, a.last_fired_at
            FROM alert_rule r CROSS JOIN LATERAL (
              SELECT count(*) FILTER (WHERE a.state = 'firing') AS firing, max(a.fired_at) AS last_fired_at
              FROM alert a WHERE a.rule_id = r.id) AS a
            WHERE $1::bigint IS NULL OR r.id = $1
            ORDER BY r.name, r.id""";

    private static final String ENABLED = "SELECT * FROM alert_rule WHERE enabled AND condition = ANY ($1) ORDER BY id";

    /** What a rule without endpoints of its own tells goes to every one. */
    private static final String REACHING = """
            SELECT r.* FROM alert_rule r WHERE r.enabled AND r.condition = ANY ($1) AND EXISTS (
              SELECT FROM alert_endpoint e WHERE e.state = 'active' AND e.kind <> 'heartbeat'
                AND (cardinality(r.endpoint_ids) = 0 OR e.id = ANY (r.endpoint_ids)))""";

    private static final String LOCK = "SELECT * FROM alert_rule WHERE id = $1 FOR NO KEY UPDATE";

    private static final String COUNT = "SELECT count(*) AS rules FROM alert_rule";

    private static final String CREATE = """
            INSERT INTO alert_rule (name, enabled, condition, query, threshold, window_seconds, for_seconds, severity,
              endpoint_ids, repeat_seconds, group_wait_seconds, group_interval_seconds, runbook_url, show_payload, updated_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT ON CONSTRAINT rule_has_a_name_of_its_own DO NOTHING RETURNING id""";

    /** What happened while a rule was off, or asked for something else, is none of its. */
    private static final String REPLACE = """
            UPDATE alert_rule r SET name = $1, enabled = $2, condition = $3, query = $4, threshold = $5, window_seconds = $6,
              for_seconds = $7, severity = $8, endpoint_ids = $9, repeat_seconds = $10, group_wait_seconds = $11,
              group_interval_seconds = $12, runbook_url = $13, show_payload = $14, updated_by = $15, updated_at = now(),
              version = version + 1,
              effective_at = CASE WHEN (enabled, query) IS DISTINCT FROM ($2, $4) THEN now() ELSE effective_at END
            WHERE id = $16 AND NOT EXISTS (SELECT FROM alert_rule other WHERE other.name = $1 AND other.id <> $16)
            RETURNING id""";

    private static final String DELETE = "DELETE FROM alert_rule WHERE id = $1";

    private static final String UNKNOWN_ENDPOINT = """
            SELECT id FROM unnest($1::integer[]) AS asked (id)
            WHERE NOT EXISTS (SELECT FROM alert_endpoint e
              WHERE e.id = asked.id AND e.state <> 'absent' AND e.kind <> 'heartbeat') LIMIT 1""";

    private static final String TOLD = "UPDATE alert_rule SET told_at = $2, messages = messages + 1 WHERE id = $1";

    private static final String CHANGED = "SELECT pg_notify('redrive_changed', '{\"what\":\"alerts\"}')";

    private final Pool pool;

    AlertRuleStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** @return rows with {@code firing} and {@code last_fired_at}, by name */
    Future<List<Row>> list() {
        return pool.preparedQuery(LIST)
                .execute(Tuple.tuple().addLong(null))
                .map(rows -> rows.stream().toList());
    }

    /** @return as of {@link #list} */
    static Future<Optional<Row>> find(SqlClient client, long id) {
        return client.preparedQuery(LIST)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return those that are enabled and tell an active endpoint */
    static Future<List<AlertRule>> reaching(SqlClient client, List<Condition> conditions) {
        return client.preparedQuery(REACHING)
                .execute(Tuple.of(conditions.stream().map(Condition::word).toArray(String[]::new)))
                .map(rows -> rows.stream().map(AlertRule::from).toList());
    }

    static Future<List<AlertRule>> enabled(SqlClient client, List<Condition> conditions) {
        return client.preparedQuery(ENABLED)
                .execute(Tuple.of(conditions.stream().map(Condition::word).toArray(String[]::new)))
                .map(rows -> rows.stream().map(AlertRule::from).toList());
    }

    /** Nobody else changes the rule or tells by it before the transaction ends. */
    static Future<Optional<AlertRule>> lock(SqlConnection connection, long id) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().map(AlertRule::from).findFirst());
    }

    /** @return how many there are; until the transaction ends nobody else adds one */
    static Future<Long> count(SqlConnection connection) {
        return TurnstileStore.pass(connection, "alert_rule")
                .compose(passed -> connection.query(COUNT).execute())
                .map(rows -> rows.iterator().next().getLong("rules"));
    }

    /** @return its id; empty where there is another rule of that name */
    static Future<Optional<Long>> create(SqlConnection connection, Spec spec, String actor) {
        return id(connection, CREATE, values(spec, actor));
    }

    /** @return as of {@link #create} */
    static Future<Optional<Long>> replace(SqlConnection connection, long id, Spec spec, String actor) {
        return id(connection, REPLACE, values(spec, actor).addLong(id));
    }

    static Future<Void> delete(SqlConnection connection, long id) {
        return connection.preparedQuery(DELETE).execute(Tuple.of(id)).mapEmpty();
    }

    /** @return one of the ids that no endpoint has, or only a heartbeat, which an alert would take for a sign of life */
    static Future<Optional<Integer>> unknownEndpoint(SqlConnection connection, List<Integer> ids) {
        return connection
                .preparedQuery(UNKNOWN_ENDPOINT)
                .execute(Tuple.tuple().addArrayOfInteger(ids.toArray(Integer[]::new)))
                .map(rows -> rows.stream().map(row -> row.getInteger("id")).findFirst());
    }

    static Future<Void> told(SqlConnection connection, long id, Instant now) {
        return connection.preparedQuery(TOLD).execute(Tuple.of(id, utc(now))).mapEmpty();
    }

    /** A hint for the screens: ask again. */
    static Future<Void> changed(SqlClient client) {
        return client.query(CHANGED).execute().mapEmpty();
    }

    private static Future<Optional<Long>> id(SqlConnection connection, String sql, Tuple values) {
        return connection
                .preparedQuery(sql)
                .execute(values)
                .map(rows -> rows.stream().map(row -> row.getLong("id")).findFirst());
    }

    private static Tuple values(Spec spec, String actor) {
        var window = spec.window();
        return Tuple.tuple()
                .addString(spec.name())
                .addBoolean(spec.enabled())
                .addString(spec.condition().word())
                .addString(spec.query())
                .addDouble(spec.threshold())
                .addLong(window == null ? null : window.toSeconds())
                .addLong(spec.holds().toSeconds())
                .addString(spec.severity())
                .addArrayOfInteger(spec.endpoints().toArray(Integer[]::new))
                .addLong(spec.repeat().toSeconds())
                .addLong(spec.groupWait().toSeconds())
                .addLong(spec.groupInterval().toSeconds())
                .addString(spec.runbookUrl())
                .addBoolean(spec.showPayload())
                .addString(actor);
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
