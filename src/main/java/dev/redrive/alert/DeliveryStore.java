package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code alert_delivery} for people; {@link EventStore} writes it. */
final class DeliveryStore {

    /** The next attempt is not before the endpoint may get anything; what a person asked for waits for no breaker. */
    private static final String SELECT = """
            SELECT d.id, webhook_id, event, episode, failure_group_id, alert_id, data, d.state, suppressed_by, attempts,
              last_status, d.last_error, latency_ms, d.created_at, delivered_at,
              CASE WHEN next_attempt_at > to_timestamp(0) THEN greatest(next_attempt_at, not_before, trial_at)
                ELSE greatest(d.created_at, not_before) END AS next_attempt_at,
              e.id AS endpoint_id, e.name, e.kind, e.allows_payload, failing_since, trial_at
            FROM alert_delivery d JOIN alert_endpoint e ON e.id = d.endpoint_id
            """;

    private static final String PAGE = SELECT + """
            WHERE d.id < $1 AND ($2::text IS NULL OR d.state = $2) AND ($3::integer IS NULL OR d.endpoint_id = $3)
              AND ($4::bigint IS NULL OR alert_id = $4)
            ORDER BY d.id DESC LIMIT $5""";

    private static final String FIND = SELECT + "WHERE webhook_id = $1";

    private static final String TRIES = """
            SELECT at, status, error, latency_ms FROM alert_try WHERE delivery_id = $1 ORDER BY id DESC LIMIT 20""";

    /** Which deliveries; null for any. */
    record Which(
            @Nullable String state,
            @Nullable Integer endpointId,
            @Nullable Long alertId) {}

    /**
     * Whom a delivery is for.
     *
     * @param failingSince it has taken nothing since then; null while it takes what it is sent
     * @param nextTrialAt null while its breaker is closed
     */
    record To(
            int id,
            String name,
            EndpointKind kind,
            boolean allowsPayload,
            @Nullable OffsetDateTime failingSince,
            @Nullable OffsetDateTime nextTrialAt) {

        static To from(Row row) {
            return new To(
                    row.getInteger("endpoint_id"),
                    row.getString("name"),
                    EndpointKind.of(row.getString("kind")),
                    row.getBoolean("allows_payload"),
                    row.getOffsetDateTime("failing_since"),
                    row.getOffsetDateTime("trial_at"));
        }
    }

    /**
     * One event on its way to one endpoint.
     *
     * @param data JSON, as the outbox holds it
     * @param nextAttemptAt null once there is none
     * @param latencyMillis of the last attempt
     */
    record Delivery(
            long id,
            String webhookId,
            String event,
            String episode,
            @Nullable Long failureGroupId,
            @Nullable Long alertId,
            String data,
            To endpoint,
            String state,
            @Nullable String suppressedBy,
            int attempts,
            @Nullable Integer lastStatus,
            @Nullable String lastError,
            @Nullable Integer latencyMillis,
            OffsetDateTime createdAt,
            @Nullable OffsetDateTime nextAttemptAt,
            @Nullable OffsetDateTime deliveredAt) {

        static Delivery from(Row row) {
            var state = row.getString("state");
            return new Delivery(
                    row.getLong("id"),
                    row.getString("webhook_id"),
                    row.getString("event"),
                    row.getString("episode"),
                    row.getLong("failure_group_id"),
                    row.getLong("alert_id"),
                    row.getString("data"),
                    To.from(row),
                    state,
                    row.getString("suppressed_by"),
                    row.getInteger("attempts"),
                    row.getInteger("last_status"),
                    row.getString("last_error"),
                    row.getInteger("latency_ms"),
                    row.getOffsetDateTime("created_at"),
                    state.equals("pending") ? row.getOffsetDateTime("next_attempt_at") : null,
                    row.getOffsetDateTime("delivered_at"));
        }
    }

    /** One attempt. @param error null where it was delivered */
    record Try(
            OffsetDateTime at,
            @Nullable Integer status,
            @Nullable String error,
            @Nullable Integer latencyMillis) {

        static Try from(Row row) {
            return new Try(
                    row.getOffsetDateTime("at"),
                    row.getInteger("status"),
                    row.getString("error"),
                    row.getInteger("latency_ms"));
        }
    }

    private final Pool pool;

    DeliveryStore(Pool pool) {
        this.pool = pool;
    }

    /** @return at most {@code limit} before the given id, newest first */
    Future<List<Delivery>> page(Which which, long beforeId, int limit) {
        return pool.preparedQuery(PAGE)
                .mapping(Delivery::from)
                .execute(Tuple.of(beforeId, which.state(), which.endpointId(), which.alertId(), limit))
                .map(rows -> rows.stream().toList());
    }

    Future<Optional<Delivery>> find(String webhookId) {
        return pool.preparedQuery(FIND)
                .mapping(Delivery::from)
                .execute(Tuple.of(webhookId))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return the last attempts, newest first */
    Future<List<Try>> tries(Delivery delivery) {
        return pool.preparedQuery(TRIES)
                .mapping(Try::from)
                .execute(Tuple.of(delivery.id()))
                .map(rows -> rows.stream().toList());
    }
}
