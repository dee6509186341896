package dev.redrive.alert;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The SQL by which deliveries leave {@code alert_delivery}: one is claimed by one process at a time and endpoint, and
 * marked by {@link MarkStore}. {@link EventStore} writes them. All times are the database's.
 */
final class OutboxStore {

    /**
     * Takes the endpoint and with it the first delivery that is due and has no earlier one of its episode before it; what
     * a person asked for is due since the beginning of time, goes first, and through an open breaker. The version keeps one
     * who holds an old address from sending to it. The update asks again for what the snapshot said, because another
     * process may have had the endpoint meanwhile.
     */
    private static final String CLAIM = """
            WITH endpoint AS (
              SELECT id, trial_at FROM alert_endpoint
              WHERE id = $1 AND version = $2 AND state = 'active' AND lease_until <= now() AND not_before <= now()
              FOR UPDATE SKIP LOCKED),
            due AS (
              SELECT d.id FROM alert_delivery d JOIN endpoint e ON e.id = d.endpoint_id
              WHERE d.state = 'pending'
                AND d.next_attempt_at <= CASE WHEN e.trial_at > now() THEN to_timestamp(0) ELSE now() END
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
              RETURNING fence, failures, failing_since, trial_at IS NOT NULL AS open, kind <> 'heartbeat' AND EXISTS (
                SELECT FROM alert_endpoint o
                WHERE o.id <> e.id AND o.state = 'active' AND o.kind <> 'heartbeat' AND o.failures = 0) AS spare)
            SELECT taken.*, leased.*, now() AS claimed_at FROM taken, leased""";

    private final Pool pool;
    private final AuditStore audit;

    OutboxStore(Pool pool) {
        this.pool = pool;
        this.audit = new AuditStore(pool);
    }

    /**
     * A delivery that this process may attempt until the lease ends.
     *
     * @param attempts with this one, from 1
     * @param claimedAt by the clock of the database
     * @param standing of the endpoint before the attempt
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
            Instant claimedAt,
            Breaker.Standing standing) {

        Claim with(String otherData) {
            return new Claim(
                    id,
                    endpointId,
                    fence,
                    webhookId,
                    episode,
                    event,
                    otherData,
                    attempts,
                    createdAt,
                    claimedAt,
                    standing);
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
                    row.getOffsetDateTime("claimed_at").toInstant(),
                    standing(row));
        }

        private static Breaker.Standing standing(Row row) {
            var since = row.getOffsetDateTime("failing_since");
            return new Breaker.Standing(
                    row.getInteger("failures"),
                    since == null ? null : since.toInstant(),
                    row.getBoolean("open"),
                    row.getBoolean("spare"));
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
        if (!claim.standing().open() && !isTold(claim, outcome)) {
            return MarkStore.mark(pool, claim, outcome);
        }
        return pool.withTransaction(connection -> MarkStore.mark(connection, claim, outcome)
                .compose(held ->
                        held ? follow(connection, claim, outcome, dead).map(true) : Future.succeededFuture(false)));
    }

    private static boolean isTold(Claim claim, Outcome outcome) {
        return outcome.switchedOff() != null
                || outcome.state().equals("dead")
                        && !List.of(DeadAlert.DEAD, DeadAlert.DISABLED, TestAlert.TYPE)
                                .contains(claim.event());
    }

    /** What an attempt means for others than its delivery. */
    private Future<Void> follow(SqlConnection connection, Claim claim, Outcome outcome, DeadAlert dead) {
        int endpoint = claim.endpointId();
        if (outcome.error() == null) {
            return MarkStore.bringForward(connection, endpoint);
        }
        var given = outcome.trial() == null ? Future.succeededFuture(0) : MarkStore.giveUp(connection, endpoint);
        return given.compose(late -> late > 0 || isTold(claim, outcome)
                        ? SilentStore.tell(connection, claim, outcome, dead)
                        : Future.succeededFuture())
                .compose(told -> outcome.switchedOff() == null
                        ? Future.succeededFuture()
                        : audit.record(connection, switchedOff(endpoint, outcome))
                                .mapEmpty());
    }

    private static AuditEvent switchedOff(int endpoint, Outcome outcome) {
        return new AuditEvent(
                AuditEvent.SYSTEM,
                "webhook-switched-off",
                null,
                EndpointRoutes.PATH + "/" + endpoint,
                outcome.disabledReason(),
                new JsonObject().put("lastError", outcome.error()),
                null);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
