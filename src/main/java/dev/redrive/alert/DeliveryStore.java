package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code alert_delivery} for people; {@link OutboxStore} writes it. */
final class DeliveryStore {

    private static final String PAGE = """
            SELECT id, webhook_id, event, failure_group_id, state, attempts, last_status, last_error, created_at,
              next_attempt_at, delivered_at
            FROM alert_delivery
            WHERE id < $1 AND ($2::text IS NULL OR state = $2)
            ORDER BY id DESC LIMIT $3""";

    /**
     * One event on its way to one endpoint.
     *
     * @param nextAttemptAt null once there is none
     */
    record Delivery(
            long id,
            String webhookId,
            String event,
            @Nullable Long failureGroupId,
            String state,
            int attempts,
            @Nullable Integer lastStatus,
            @Nullable String lastError,
            OffsetDateTime createdAt,
            @Nullable OffsetDateTime nextAttemptAt,
            @Nullable OffsetDateTime deliveredAt) {

        static Delivery from(Row row) {
            var state = row.getString("state");
            return new Delivery(
                    row.getLong("id"),
                    row.getString("webhook_id"),
                    row.getString("event"),
                    row.getLong("failure_group_id"),
                    state,
                    row.getInteger("attempts"),
                    row.getInteger("last_status"),
                    row.getString("last_error"),
                    row.getOffsetDateTime("created_at"),
                    state.equals("pending") ? row.getOffsetDateTime("next_attempt_at") : null,
                    row.getOffsetDateTime("delivered_at"));
        }
    }

    private final Pool pool;

    DeliveryStore(Pool pool) {
        this.pool = pool;
    }

    /** @param state null for every one @return at most {@code limit} before the given id, newest first */
    Future<List<Delivery>> page(@Nullable String state, long beforeId, int limit) {
        return pool.preparedQuery(PAGE)
                .mapping(Delivery::from)
                .execute(Tuple.of(beforeId, state, limit))
                .map(rows -> rows.stream().toList());
    }
}
