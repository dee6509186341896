package dev.redrive.alert;

import dev.redrive.postgres.TurnstileStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code alert_endpoint} for the people who add, change and remove endpoints. */
final class EndpointDeskStore {

    /** The counts go by the index of what is due and that of what is dead. */
    private static final String SELECT = """
            SELECT e.id, version, name, kind, seal, from_settings, address_hint, allows_payload, enabled, state,
              disabled_reason, owner_endpoint_id, last_delivered_at, last_error,
              failures, failing_since, trial_at,
              (SELECT count(*) FROM alert_delivery d WHERE d.endpoint_id = e.id AND d.state = 'pending') AS pending,
              (SELECT count(*) FROM alert_delivery d WHERE d.endpoint_id = e.id AND d.state = 'dead') AS dead
            FROM alert_endpoint e WHERE removed_at IS NULL
            """;

    private static final String LIST = SELECT + "ORDER BY name, e.id";

    private static final String FIND = SELECT + "AND e.id = $1";

    private static final String LOCK = FIND + " FOR UPDATE OF e";

    private static final String COUNT = "SELECT count(*) AS endpoints FROM alert_endpoint WHERE removed_at IS NULL";

    /** Any other endpoint that is told of alerts. */
    private static final String OWNER = """
            SELECT FROM alert_endpoint
            WHERE id = $1 AND id IS DISTINCT FROM $2 AND removed_at IS NULL AND kind <> 'heartbeat'""";

    private static final String ADD = """
            INSERT INTO alert_endpoint (name, address_hash, kind, from_settings, seal, sealed_address, address_hint,
              sealed_secret, allows_payload, enabled, owner_endpoint_id, state, disabled_reason)
            VALUES ($1, sha256(convert_to($2::uuid::text, 'UTF8')), $3, false, $2, $4, $5, $6, $7, $8, $9,
              CASE WHEN $8 THEN 'active' ELSE 'disabled' END, CASE WHEN NOT $8 THEN 'switched off' END)
            ON CONFLICT (name) WHERE removed_at IS NULL DO NOTHING RETURNING id""";

    /** Whoever keeps an endpoint switched on makes it active again, also one that answered 410, and tried at once. */
    private static final String CHANGE = """
            UPDATE alert_endpoint e SET name = $2, sealed_address = coalesce($3, sealed_address),
              address_hint = coalesce($4, address_hint), allows_payload = $5, enabled = $6, owner_endpoint_id = $7,
              state = CASE WHEN $6 THEN 'active' ELSE 'disabled' END,
              disabled_reason = CASE WHEN NOT $6 THEN 'switched off' END,
              not_before = CASE WHEN $3::bytea IS NULL THEN not_before ELSE now() END, last_error = NULL,
              failures = 0, failing_since = NULL, trial_at = NULL, version = version + 1
            WHERE id = $1 AND NOT EXISTS (
              SELECT FROM alert_endpoint other WHERE other.name = $2 AND other.id <> $1 AND other.removed_at IS NULL)
            RETURNING id""";

    private static final String ACTIVATE = """
            UPDATE alert_endpoint SET state = 'active', disabled_reason = NULL, enabled = true, last_error = NULL,
              failures = 0, failing_since = NULL, trial_at = NULL, version = version + 1
            WHERE id = $1""";

    private static final String ROTATE = """
            UPDATE alert_endpoint SET sealed_old_secret = sealed_secret, old_secret_until = now() + interval '24 hours',
              sealed_secret = $2, version = version + 1
            WHERE id = $1""";

    private static final String REMOVE = """
            WITH removed AS (
              UPDATE alert_endpoint SET state = 'absent', disabled_reason = NULL, removed_at = now(), sealed_address = NULL,
                sealed_secret = NULL, sealed_old_secret = NULL, old_secret_until = NULL, version = version + 1
              WHERE id = $1 RETURNING id),
            orphaned AS (
              UPDATE alert_endpoint SET owner_endpoint_id = NULL WHERE owner_endpoint_id = $1 AND id <> $1)
            UPDATE alert_delivery d SET state = 'dead', last_error = 'the endpoint was removed'
            FROM removed WHERE d.endpoint_id = removed.id AND d.state = 'pending'""";

    private final Pool pool;

    EndpointDeskStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    Future<List<Row>> list() {
        return pool.query(LIST).execute().map(rows -> rows.stream().toList());
    }

    Future<Optional<Row>> find(long id) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of((int) Math.min(id, Integer.MAX_VALUE)))
                .map(rows -> rows.stream().findFirst());
    }

    Future<Row> read(SqlConnection connection, int id) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next());
    }

    /** Locks the endpoint until the transaction ends. */
    Future<Optional<Row>> lock(SqlConnection connection, long id) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of((int) Math.min(id, Integer.MAX_VALUE)))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return how many there are; until the transaction ends nobody else adds one */
    Future<Long> count(SqlConnection connection) {
        return TurnstileStore.pass(connection, "alert_endpoint")
                .compose(passed -> connection.query(COUNT).execute())
                .map(rows -> rows.iterator().next().getLong("endpoints"));
    }

    /** @param endpoint whose owner it would be; null for a new one */
    Future<Boolean> canOwn(SqlConnection connection, int owner, @Nullable Integer endpoint) {
        return connection
                .preparedQuery(OWNER)
                .execute(Tuple.of(owner, endpoint))
                .map(rows -> rows.size() == 1);
    }

    /** @return the id; empty where another endpoint has the name */
    Future<Optional<Integer>> add(
            SqlConnection connection,
            EndpointEdit edit,
            EndpointKind kind,
            UUID seal,
            EndpointKeeper.Kept kept,
            @Nullable Buffer secret) {
        return id(
                connection,
                ADD,
                Tuple.of(edit.name(), seal, kind.word(), kept.address(), kept.hint())
                        .addBuffer(secret)
                        .addBoolean(edit.allowsPayload())
                        .addBoolean(edit.enabled())
                        .addInteger(edit.owner()));
    }

    /** @param kept null where the address stays @return empty where another endpoint has the name */
    Future<Optional<Integer>> change(
            SqlConnection connection, int id, EndpointEdit edit, EndpointKeeper.@Nullable Kept kept) {
        return id(
                connection,
                CHANGE,
                Tuple.of(id, edit.name())
                        .addBuffer(kept == null ? null : kept.address())
                        .addString(kept == null ? null : kept.hint())
                        .addBoolean(edit.allowsPayload())
                        .addBoolean(edit.enabled())
                        .addInteger(edit.owner()));
    }

    /** Of one that was switched off, whoever or whatever did that. */
    Future<Void> activate(SqlConnection connection, int id) {
        return connection.preparedQuery(ACTIVATE).execute(Tuple.of(id)).mapEmpty();
    }

    private static Future<Optional<Integer>> id(SqlConnection connection, String sql, Tuple values) {
        return connection
                .preparedQuery(sql)
                .execute(values)
                .map(rows -> rows.stream().findFirst().map(row -> row.getInteger("id")));
    }

    /** The secret before goes on signing beside the new one for 24 hours. */
    Future<Void> rotate(SqlConnection connection, int id, Buffer secret) {
        return connection.preparedQuery(ROTATE).execute(Tuple.of(id, secret)).mapEmpty();
    }

    /** Its deliveries stay to be read; what was on its way is dead. */
    Future<Void> remove(SqlConnection connection, int id) {
        return connection.preparedQuery(REMOVE).execute(Tuple.of(id)).mapEmpty();
    }
}
