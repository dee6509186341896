package dev.redrive.alert;

import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The SQL of {@code alert_delivery}: an event is written in the transaction of what it tells, claimed by one process
 * at a time and endpoint, and marked. All times are the database's.
 */
final class OutboxStore {

    /** The id is made of what is told and to whom, so that telling it again in another way is impossible. */
    private static final String WRITE = """
            INSERT INTO alert_delivery (webhook_id, endpoint_id, episode, event, failure_group_id, data, state, last_error)
            SELECT 'msg_' || left(encode(sha256(convert_to(concat_ws(' ', episode, event, e.salt), 'UTF8')), 'hex'), 40),
              e.id, episode, event, failure_group_id, data,
              CASE e.state WHEN 'active' THEN 'pending' ELSE 'dead' END,
              CASE e.state WHEN 'active' THEN NULL ELSE 'endpoint disabled: ' || e.disabled_reason END
            FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[])
                WITH ORDINALITY AS told (event, episode, failure_group_id, data, no), alert_endpoint e
            WHERE e.state <> 'absent'
            ORDER BY told.no
            ON CONFLICT (webhook_id) DO NOTHING""";

    /**
     * Takes the endpoint and with it the first delivery that is due and has no earlier one of its episode before it.
     * The update asks again for what the snapshot said, because another process may have had the endpoint meanwhile.
     */
    private static final String CLAIM = """
            WITH endpoint AS (
              SELECT id FROM alert_endpoint
              WHERE name = $1 AND state = 'active' AND lease_until <= now() AND not_before <= now()
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
              UPDATE alert_endpoint e SET fence = fence + 1, lease_until = now() + make_interval(secs => $2)
              FROM taken
              WHERE e.id = taken.endpoint_id
              RETURNING fence)
            SELECT taken.*, fence, now() AS claimed_at FROM taken, leased""";

    /** Gives the endpoint back; whoever lost it meanwhile changes nothing. */
    private static final String MARK = """
            WITH endpoint AS (
              UPDATE alert_endpoint SET lease_until = now(),
                not_before = greatest(not_before, now() + make_interval(secs => $3)),
                state = CASE WHEN $4::text IS NULL THEN state ELSE 'disabled' END,
                disabled_reason = coalesce($4, disabled_reason)
              WHERE id = $1 AND fence = $2
              RETURNING id),
            marked AS (
              UPDATE alert_delivery d SET state = $6,
                delivered_at = CASE $6 WHEN 'delivered' THEN now() END,
                next_attempt_at = now() + make_interval(secs => $7),
                last_status = CASE d.id WHEN $5 THEN $8 ELSE last_status END, last_error = $9
              FROM endpoint e
              WHERE d.endpoint_id = e.id AND d.state = 'pending' AND (d.id = $5 OR $4::text IS NOT NULL)
              RETURNING d.id)
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

    /** One row for each event and endpoint, committed with the transaction of the connection or not at all. */
    static Future<Void> write(SqlConnection connection, List<AlertEvent> events) {
        return connection
                .preparedQuery(WRITE)
                .execute(Tuple.of(
                        events.stream().map(AlertEvent::type).toArray(String[]::new),
                        events.stream().map(AlertEvent::episode).toArray(String[]::new),
                        events.stream().map(AlertEvent::failureGroupId).toArray(Long[]::new),
                        events.stream().map(event -> event.data().encode()).toArray(String[]::new)))
                .mapEmpty();
    }

    /** @param lease longer than an attempt can take; after it another process makes the attempt again */
    Future<Optional<Claim>> claim(String endpoint, Duration lease) {
        return pool.preparedQuery(CLAIM)
                .mapping(Claim::from)
                .execute(Tuple.of(endpoint, seconds(lease)))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return whether the claim still held; where it did not, nothing was changed */
    Future<Boolean> mark(Claim claim, Outcome outcome) {
        var values = Tuple.of(claim.endpointId(), claim.fence(), seconds(outcome.pause()))
                .addValue(outcome.endpointGone() ? outcome.error() : null)
                .addValue(claim.id())
                .addValue(outcome.state())
                .addValue(seconds(outcome.retryIn()))
                .addValue(outcome.status())
                .addValue(outcome.error())
                .addValue(Database.CHANGED);
        return pool.preparedQuery(MARK)
                .execute(values)
                .map(rows -> rows.iterator().next().getLong("marked") > 0);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
