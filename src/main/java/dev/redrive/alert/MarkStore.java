package dev.redrive.alert;

import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The SQL that writes down what came of an attempt: for its delivery, its endpoint, and what waits for that. */
final class MarkStore {

    /**
     * Gives the endpoint back and keeps the attempt, of which 20 stay; whoever lost it meanwhile changes nothing. The next
     * trial stays where it is when a person's attempt came before it, and there is none where somebody changed the
     * endpoint meanwhile, whose failures are counted anew then.
     */
    private static final String MARK = """
            WITH endpoint AS (
              UPDATE alert_endpoint SET lease_until = now(),
                not_before = greatest(not_before, now() + make_interval(secs => $3)),
                state = CASE WHEN $4::text IS NULL THEN state ELSE 'disabled' END,
                disabled_reason = coalesce($4, disabled_reason),
                last_delivered_at = CASE $6 WHEN 'delivered' THEN now() ELSE last_delivered_at END, last_error = $9,
                failures = CASE $6 WHEN 'delivered' THEN 0 ELSE failures + 1 END,
                failing_since = CASE $6 WHEN 'delivered' THEN NULL ELSE coalesce(failing_since, now()) END,
                trial_at = CASE WHEN $6 = 'delivered' OR $4::text IS NOT NULL OR failures < $13 THEN NULL
                  WHEN trial_at > now() THEN trial_at ELSE now() + make_interval(secs => $12) END
              WHERE id = $1 AND fence = $2
              RETURNING id),
            marked AS (
              UPDATE alert_delivery d SET state = $6,
                delivered_at = CASE $6 WHEN 'delivered' THEN now() END,
                next_attempt_at = now() + make_interval(secs => $7),
                last_status = CASE d.id WHEN $5 THEN $8 ELSE last_status END, last_error = CASE d.id WHEN $5 THEN $9 ELSE $4 END,
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

    /** By the index of what is due. The last attempt of a schedule keeps its time: behind it there is none. */
    private static final String BRING_FORWARD = """
            UPDATE alert_delivery SET next_attempt_at = now()
            WHERE endpoint_id = $1 AND state = 'pending' AND next_attempt_at > now() AND attempts BETWEEN 1 AND %d""".formatted(RetrySchedule.ATTEMPTS - 2);

    /** By the index of what is due. */
    private static final String GIVE_UP = """
            UPDATE alert_delivery SET state = 'dead', last_error = 'the endpoint took nothing for as long as messages are tried'
            WHERE endpoint_id = $1 AND state = 'pending' AND next_attempt_at > to_timestamp(0)
              AND next_attempt_at <= now() - make_interval(secs => $2)""";

    private MarkStore() {}

    /** @return whether the claim still held; where it did not, nothing was changed */
    static Future<Boolean> mark(SqlClient client, OutboxStore.Claim claim, Outcome outcome) {
        var values = Tuple.of(claim.endpointId(), claim.fence(), seconds(outcome.pause()))
                .addValue(outcome.disabledReason())
                .addValue(claim.id())
                .addValue(outcome.state())
                .addValue(seconds(outcome.retryIn()))
                .addValue(outcome.status())
                .addValue(outcome.error())
                .addValue(Database.CHANGED)
                .addValue((int) outcome.latency().toMillis())
                .addValue(seconds(outcome.trial()))
                .addValue(claim.standing().failures());
        return client.preparedQuery(MARK)
                .execute(values)
                .map(rows -> rows.iterator().next().getLong("marked") > 0);
    }

    /** The endpoint is back: what it did not take is not to wait for hours because of that. */
    static Future<Void> bringForward(SqlConnection connection, int endpoint) {
        return connection
                .preparedQuery(BRING_FORWARD)
                .execute(Tuple.of(endpoint))
                .mapEmpty();
    }

    /**
     * What waits behind an open breaker for as long as it would have been tried without one is dead like what was tried,
     * so that a queue nobody empties has an end.
     *
     * @return how many are dead now
     */
    static Future<Integer> giveUp(SqlConnection connection, int endpoint) {
        return connection
                .preparedQuery(GIVE_UP)
                .execute(Tuple.of(endpoint, seconds(RetrySchedule.WHOLE)))
                .map(rows -> rows.rowCount());
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : Double.valueOf(duration.toMillis() / 1000.0);
    }
}
