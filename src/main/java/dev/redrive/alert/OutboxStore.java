package dev.redrive.alert;

import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The SQL by which deliveries leave {@code alert_delivery}: one is claimed by one process at a time and endpoint, and
 * marked. {@link EventStore} writes them. All times are the database's.
 */
final class OutboxStore {

    /**
     * Takes the endpoint and with it the first delivery that is due and has no earlier one of its episode before it; a
     * test goes first. The version keeps one who holds an old address from sending to it. The update asks again for what
     * the snapshot said, because another process may have had the endpoint meanwhile.
     */
    private static final String CLAIM = """
            WITH endpoint AS (
              SELECT id FROM alert_endpoint
              WHERE id = $1 AND version = $2 AND state = 'active' AND lease_until <= now() AND not_before <= now()
              FOR UPDATE SKIP LOCKED),
            due AS (
              SELECT d.id FROM alert_delivery d JOIN endpoint e ON e.id = d.endpoint_id
              WHERE d.state = 'pending' AND d.next_attempt_at <= now()
                AND NOT EXISTS (SELECT FROM alert_delivery earlier
                  WHERE earlier.endpoint_id = d.endpoint_id AND earlier.episode = d.episode
                    AND earlier.state = 'pending' AND earlier.id < d.id)
              ORDER BY d.next_attempt_at, d.id
              LIMIT 1),
            taken AS (
              UPDATE alert_delivery d SET attempts = attempts + 1
              FROM due
              WHERE d.id = due.id AND d.state = 'pending' AND d.next_attempt_at <= now()
              RETURNING d.id, d.endpoint_id, webhook_id, episode, event, data, attempts, created_at),
            leased AS (
              UPDATE alert_endpoint e SET fence = fence + 1, lease_until = now() + make_interval(secs => $3)
              FROM taken
              WHERE e.id = taken.endpoint_id
              RETURNING fence)
            SELECT taken.*, fence, now() AS claimed_at FROM taken, leased""";

    /** Gives the endpoint back and keeps the attempt, of which 20 stay; whoever lost it meanwhile changes nothing. */
    private static final String MARK = """
            WITH endpoint AS (
              UPDATE alert_endpoint SET lease_until = now(),
                not_before = greatest(not_before, now() + make_interval(secs => $3)),
                state = CASE WHEN $4::text IS NULL THEN state ELSE 'disabled' END,
                disabled_reason = coalesce($4, disabled_reason),
                last_delivered_at = CASE $6 WHEN 'delivered' THEN now() ELSE last_delivered_at END, last_error = $9
              WHERE id = $1 AND fence = $2
              RETURNING id),
            marked AS (
              UPDATE alert_delivery d SET state = $6,
                delivered_at = CASE $6 WHEN 'delivered' THEN now() END,
                next_attempt_at = now() + make_interval(secs => $7),
                last_status = CASE d.id WHEN $5 THEN $8 ELSE last_status END, last_error = $9,
                latency_ms = CASE d.id WHEN $5 THEN $11 ELSE latency_ms END
              FROM endpoint e
              WHERE d.endpoint_id = e.id AND d.state = 'pending' AND (d.id = $5 OR $4::text IS NOT NULL)
              RETURNING d.id),
            forgotten AS (
              DELETE FROM alert_try WHERE delivery_id = $5 AND EXISTS (SELECT FROM endpoint)
                AND id < (SELECT id FROM alert_try WHERE delivery_id = $5 ORDER BY id DESC OFFSET 18 LIMIT 1)),
            tried AS (
              INSERT INTO alert_try (delivery_id, status, error, latency_ms) SELECT $5, $8, $9, $11 FROM endpoint)
            SELECT count(*) AS marked, pg_notify($10, '{"what":"deliveries"}') FROM marked""";

    private final Pool pool;

    OutboxStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * A delivery that this process may attempt until the lease ends.
     *
     * @param attempts with this one, from 1
     * @param claimedAt by the clock of the database
     */
    record Claim(
            long id,
            int endpointId,
            long fence,
            String webhookId,
            String episode,
            String event,
            String data,
            int attempts,
            Instant createdAt,
            Instant claimedAt) {

        Claim with(String otherData) {
            return new Claim(
                    id, endpointId, fence, webhookId, episode, event, otherData, attempts, createdAt, claimedAt);
        }

        static Claim from(Row row) {
            return new Claim(
                    row.getLong("id"),
                    row.getInteger("endpoint_id"),
                    row.getLong("fence"),
                    row.getString("webhook_id"),
                    row.getString("episode"),
                    row.getString("event"),
                    row.getString("data"),
                    row.getInteger("attempts"),
                    row.getOffsetDateTime("created_at").toInstant(),
                    row.getOffsetDateTime("claimed_at").toInstant());
        }
    }

    /**
     * @param version of the endpoint as the caller knows it; for another one there is nothing to claim
     * @param lease longer than an attempt can take; after it another process makes the attempt again
     */
    Future<Optional<Claim>> claim(int endpoint, int version, Duration lease) {
        return pool.preparedQuery(CLAIM)
                .mapping(Claim::from)
                .execute(Tuple.of(endpoint, version, seconds(lease)))
                .map(rows -> rows.stream().findFirst());
    }

    /** For an endpoint that may see it. @return the claim with the beginning of the payload that its message shows */
    Future<Claim> withPayload(Claim claim) {
        return PayloadExcerpt.into(pool, claim);
    }

    /**
     * Where a delivery or its endpoint is dead now, another endpoint is told in the same transaction.
     *
     * @return whether the claim still held; where it did not, nothing was changed
     */
    Future<Boolean> mark(Claim claim, Outcome outcome, DeadAlert dead) {
        boolean tell = outcome.endpointGone()
                || outcome.state().equals("dead")
                        && !List.of(DeadAlert.DEAD, DeadAlert.DISABLED, TestAlert.TYPE)
                                .contains(claim.event());
        if (!tell) {
            return mark(pool, claim, outcome);
        }
        return pool.withTransaction(connection -> mark(connection, claim, outcome)
                .compose(held -> held
                        ? SilentStore.tell(connection, claim, outcome, dead).map(true)
                        : Future.succeededFuture(false)));
    }

    private static Future<Boolean> mark(SqlClient client, Claim claim, Outcome outcome) {
        var values = Tuple.of(claim.endpointId(), claim.fence(), seconds(outcome.pause()))
                .addValue(outcome.endpointGone() ? outcome.error() : null)
                .addValue(claim.id())
                .addValue(outcome.state())
                .addValue(seconds(outcome.retryIn()))
                .addValue(outcome.status())
                .addValue(outcome.error())
                .addValue(Database.CHANGED)
                .addValue((int) outcome.latency().toMillis());
        return client.preparedQuery(MARK)
                .execute(values)
                .map(rows -> rows.iterator().next().getLong("marked") > 0);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
