package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Who is told that an endpoint takes nothing, and that somebody is: its owner endpoint, else one that the rule names,
 * else the active one that took something last; one that takes nothing itself only where there is no other. Once an hour
 * for each endpoint, whatever dies meanwhile; that it is switched off always. Nobody where no rule waits for it.
 */
final class SilentStore {

    private static final String SILENT = """
            WITH rule AS (
              SELECT name, severity, runbook_url, endpoint_ids FROM alert_rule
              WHERE condition = 'delivery-dead' AND enabled ORDER BY built_in DESC, id LIMIT 1),
            other AS (
              SELECT o.id, rule.name AS rule, severity, runbook_url FROM rule, alert_endpoint o, alert_endpoint mine
              WHERE mine.id = $1 AND o.id <> mine.id AND o.state = 'active' AND o.enabled AND o.kind <> 'heartbeat'
              ORDER BY o.trial_at IS NOT NULL, (o.id = mine.owner_endpoint_id) IS TRUE DESC, o.id = ANY (endpoint_ids) DESC,
                o.last_delivered_at DESC NULLS LAST, o.id
              LIMIT 1)
            UPDATE alert_endpoint e SET told_dead_at = now() FROM other
            WHERE e.id = $1 AND ($2 OR told_dead_at IS NULL OR told_dead_at < now() - interval '1 hour')
            RETURNING other.id AS other, rule, severity, runbook_url, e.id, e.name, now() AS at,
              (SELECT count(*) FROM alert_delivery d WHERE d.endpoint_id = $1 AND d.state = 'dead') AS dead""";

    private SilentStore() {}

    /** Written with the transaction that marks what is dead. */
    static Future<Void> tell(SqlConnection connection, OutboxStore.Claim claim, Outcome outcome, DeadAlert dead) {
        return connection
                .preparedQuery(SILENT)
                .execute(Tuple.of(claim.endpointId(), outcome.switchedOff() != null))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return Future.succeededFuture();
                    }
                    var row = rows.iterator().next();
                    var silent = new DeadAlert.Silent(
                            row.getInteger("id"),
                            row.getString("name"),
                            row.getLong("dead"),
                            row.getOffsetDateTime("at").toInstant(),
                            outcome.switchedOff(),
                            row.getString("rule"),
                            row.getString("severity"),
                            row.getString("runbook_url"));
                    return EventStore.write(connection, List.of(dead.event(silent)), List.of(row.getInteger("other")));
                });
    }
}
