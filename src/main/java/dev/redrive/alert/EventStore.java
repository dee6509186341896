package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL by which events come into {@code alert_delivery}: each in the transaction of what it tells, once for every
 * endpoint that is told. {@link OutboxStore} sends them.
 */
final class EventStore {

    /**
     * The id is made of what is told and to whom, so that telling it again in another way is impossible. Where none of the
     * endpoints that a rule names is there any more, or all are off because of what they did, every one is told: rather too
     * many than nobody. An end also goes to whoever was told of the beginning, whomever the rule names by now.
     */
    private static final String WRITE = """
            INSERT INTO alert_delivery (webhook_id, endpoint_id, episode, event, failure_group_id, data, alert_id, suppressed_by,
              state, last_error)
            SELECT 'msg_' || left(encode(sha256(convert_to(
                concat_ws(' ', episode, event, nullif(message, 0), e.salt), 'UTF8')), 'hex'), 40),
              e.id, episode, event, failure_group_id, data, alert_id, kept_by,
              CASE WHEN kept_by IS NOT NULL THEN 'suppressed' WHEN e.state = 'active' THEN 'pending' ELSE 'dead' END,
              CASE WHEN kept_by IS NULL AND e.state <> 'active' THEN 'endpoint disabled: ' || e.disabled_reason END
            FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[])
                WITH ORDINALITY AS told (event, episode, failure_group_id, data, alert_id, message, endpoints, kept_by, no),
              alert_endpoint e
            WHERE e.state <> 'absent' AND e.enabled
              AND (CASE WHEN NOT EXISTS (
                    SELECT FROM alert_endpoint named
                    WHERE named.id = ANY (string_to_array(endpoints, ',')::integer[])
                      AND (named.state = 'active' OR named.state = 'disabled' AND NOT named.enabled))
                  THEN e.kind <> 'heartbeat' ELSE e.id = ANY (string_to_array(endpoints, ',')::integer[]) END
                OR event = 'redrive.alert.resolved' AND coalesce((
                    SELECT earlier.event FROM alert_delivery earlier
                    WHERE earlier.episode = told.episode AND earlier.endpoint_id = e.id
                      AND (earlier.state = 'delivered' OR earlier.suppressed_by = 'told together with its end')
                    ORDER BY earlier.id DESC LIMIT 1), event) <> event)
            ORDER BY told.no
            ON CONFLICT (webhook_id) DO NOTHING""";

    private static final String WITHDRAW = """
            UPDATE alert_delivery SET state = 'suppressed', suppressed_by = 'told together with its end'
            WHERE state = 'pending' AND episode = ANY ($1)
            RETURNING episode, data""";

    private static final String PRUNE = """
            DELETE FROM alert_delivery WHERE created_at < $1::timestamptz - interval '90 days' AND state <> 'pending'""";

    private EventStore() {}

    /**
     * An event and who gets it.
     *
     * @param message tells apart what an episode says again; 0 where it says each type once
     * @param endpoints ids; none: every endpoint but heartbeats
     * @param suppressedBy why nobody gets it; null: it is sent
     */
    record Telling(
            AlertEvent event,
            long message,
            @Nullable Long alertId,
            List<Integer> endpoints,
            @Nullable String suppressedBy) {

        Telling suppressedBy(long number, String why) {
            return new Telling(event, number, alertId, endpoints, why);
        }

        private String endpointList() {
            return endpoints.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /** One row for each event and endpoint, committed with the transaction of the connection or not at all. */
    static Future<Void> write(SqlConnection connection, List<AlertEvent> events) {
        return write(connection, events, List.of());
    }

    /** As {@link #write(SqlConnection, List)}. @param endpoints ids of those that are told; empty for every one */
    static Future<Void> write(SqlConnection connection, List<AlertEvent> events, List<Integer> endpoints) {
        return tell(
                connection,
                events.stream()
                        .map(event -> new Telling(event, 0, null, endpoints, null))
                        .toList());
    }

    /** As {@link #write(SqlConnection, List)}. */
    static Future<Void> tell(SqlConnection connection, List<Telling> tellings) {
        var values = Tuple.tuple()
                .addValue(column(tellings, telling -> telling.event().type(), String[]::new))
                .addValue(column(tellings, telling -> telling.event().episode(), String[]::new))
                .addValue(column(tellings, telling -> telling.event().failureGroupId(), Long[]::new))
                .addValue(column(tellings, telling -> telling.event().data().encode(), String[]::new))
                .addValue(column(tellings, Telling::alertId, Long[]::new))
                .addValue(column(tellings, Telling::message, Long[]::new))
                .addValue(column(tellings, Telling::endpointList, String[]::new))
                .addValue(column(tellings, telling -> Texts.bounded(telling.suppressedBy()), String[]::new));
        return connection.preparedQuery(WRITE).execute(values).mapEmpty();
    }

    private static <T> @Nullable T[] column(
            List<Telling> tellings, Function<Telling, @Nullable T> value, IntFunction<T[]> array) {
        return tellings.stream().map(value).toArray(array);
    }

    /** What an episode had to say that nobody took. @param alerts ids of those that it told of */
    record Withdrawn(String episode, List<Long> alerts) {}

    /** What no endpoint has taken yet of these episodes is not sent any more. */
    static Future<List<Withdrawn>> withdraw(SqlConnection connection, List<String> episodes) {
        return connection
                .preparedQuery(WITHDRAW)
                .execute(Tuple.tuple().addValue(episodes.toArray(String[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> new Withdrawn(
                                row.getString("episode"),
                                AlertData.of(row.getString("data")).alertIds()))
                        .toList());
    }

    /** Forgets what was written 90 days ago and is not on its way. */
    static Future<Void> prune(SqlConnection connection, Instant now) {
        return connection
                .preparedQuery(PRUNE)
                .execute(Tuple.of(AlertRuleStore.utc(now)))
                .mapEmpty();
    }
}
