package dev.redrive.alert;

import dev.redrive.Sha256;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code alert_endpoint} for the loops that tell; a delivery's is {@link OutboxStore}'s. */
final class EndpointStore {

    private static final String KEEP = """
            INSERT INTO alert_endpoint AS known (name, address_hash, address_hint, from_settings) VALUES ($1, $2, $3, true)
            ON CONFLICT (name) WHERE removed_at IS NULL DO UPDATE
            SET address_hash = excluded.address_hash, address_hint = excluded.address_hint, from_settings = true,
              kind = 'webhook', enabled = true, sealed_address = NULL, sealed_secret = NULL, sealed_old_secret = NULL,
              old_secret_until = NULL, state = 'active', disabled_reason = NULL, not_before = now(),
              failures = 0, failing_since = NULL, trial_at = NULL, version = known.version + 1
            WHERE known.address_hash <> excluded.address_hash OR known.state = 'absent' OR NOT known.from_settings""";

    private static final String HINT = """
            UPDATE alert_endpoint SET address_hint = $2
            WHERE name = $1 AND removed_at IS NULL AND address_hint IS DISTINCT FROM $2""";

    private static final String LEAVE_OTHERS = """
            UPDATE alert_endpoint SET state = 'absent', disabled_reason = NULL, version = version + 1
            WHERE from_settings AND state <> 'absent' AND name <> ALL ($1)""";

    private static final String ACTIVE = """
            SELECT EXISTS (SELECT FROM alert_endpoint WHERE state = 'active' AND kind <> 'heartbeat') AS active""";

    /** What is not active yet may become so at any time, and then its loop should be there. */
    private static final String LINES = """
            SELECT id, version, name, kind, from_settings, seal, sealed_address, sealed_secret, allows_payload,
              CASE WHEN old_secret_until > now() THEN sealed_old_secret END AS sealed_old_secret
            FROM alert_endpoint WHERE state <> 'absent' ORDER BY id""";

    private static final String FAIL = "UPDATE alert_endpoint SET last_error = $2 WHERE id = $1";

    /** One process an interval, whichever asks first, and only while every process that lives gets on. */
    private static final String PING = """
            UPDATE alert_endpoint SET pinged_at = now()
            WHERE id = $1 AND version = $2 AND state = 'active'
              AND pinged_at <= now() - make_interval(secs => $3) AND NOT EXISTS (
                SELECT FROM process_progress WHERE stuck <> '{}' AND seen_at > now() - make_interval(secs => $4))
            RETURNING id""";

    private static final String PINGED = """
            UPDATE alert_endpoint SET last_error = $2,
              last_delivered_at = CASE WHEN $2::text IS NULL THEN now() ELSE last_delivered_at END
            WHERE id = $1""";

    private static final String REPORT = """
            INSERT INTO process_progress (process, seen_at, stuck) VALUES ($1, now(), $2)
            ON CONFLICT (process) DO UPDATE SET seen_at = now(), stuck = excluded.stuck""";

    private static final String FORGET = """
            DELETE FROM process_progress WHERE process = $1 OR seen_at < now() - interval '1 day'""";

    /** Both by the index of the delivery list. */
    private static final String OUTBOX = """
            SELECT state, count(*) AS deliveries FROM alert_delivery WHERE state IN ('pending', 'dead') GROUP BY state""";

    /**
     * An endpoint as it is stored.
     *
     * @param seal what its sealed texts are bound to
     * @param oldSecret as long as it still signs
     */
    record Sealed(
            int id,
            int version,
            String name,
            EndpointKind kind,
            boolean fromSettings,
            UUID seal,
            @Nullable Buffer address,
            @Nullable Buffer secret,
            @Nullable Buffer oldSecret,
            boolean allowsPayload) {

        static Sealed from(Row row) {
            return new Sealed(
                    row.getInteger("id"),
                    row.getInteger("version"),
                    row.getString("name"),
                    EndpointKind.of(row.getString("kind")),
                    row.getBoolean("from_settings"),
                    row.getUUID("seal"),
                    row.getBuffer("sealed_address"),
                    row.getBuffer("sealed_secret"),
                    row.getBuffer("sealed_old_secret"),
                    row.getBoolean("allows_payload"));
        }
    }

    private final Pool pool;

    EndpointStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * Makes the stored endpoints of the settings those of the settings now; what people added stays, unless it has the
     * name of one of them. One that is disabled stays so until its address changes or somebody switches it on; one that is configured no
     * longer gets no new events.
     */
    Future<Void> keep(List<Endpoint> endpoints) {
        var names = endpoints.stream().map(Endpoint::name).toArray(String[]::new);
        var kept = endpoints.stream().map(this::keep).toList();
        return Future.all(kept)
                .compose(all -> pool.preparedQuery(LEAVE_OTHERS).execute(Tuple.of(names)))
                .mapEmpty();
    }

    private Future<?> keep(Endpoint endpoint) {
        var hint = endpoint.address().hint();
        return pool.preparedQuery(KEEP)
                .execute(Tuple.of(endpoint.name(), addressHash(endpoint.address()), hint))
                .compose(kept -> pool.preparedQuery(HINT).execute(Tuple.of(endpoint.name(), hint)));
    }

    /** @return whether an event goes to anybody now */
    Future<Boolean> isAnyActive() {
        return pool.query(ACTIVE).execute().map(rows -> rows.iterator().next().getBoolean("active"));
    }

    /** @return every endpoint that is not gone */
    Future<List<Sealed>> lines() {
        return pool.query(LINES)
                .mapping(Sealed::from)
                .execute()
                .map(rows -> rows.stream().toList());
    }

    /** Says on the endpoint why nothing is sent to it. */
    Future<Void> fail(int endpoint, String error) {
        return pool.preparedQuery(FAIL).execute(Tuple.of(endpoint, error)).mapEmpty();
    }

    /** @param fresh how old the report of a process may be that still counts @return whether to ping now */
    Future<Boolean> takePing(int endpoint, int version, Duration interval, Duration fresh) {
        return pool.preparedQuery(PING)
                .execute(Tuple.of(endpoint, version, seconds(interval), seconds(fresh)))
                .map(rows -> rows.size() == 1);
    }

    /** @param error null where the ping arrived */
    Future<Void> pinged(int endpoint, @Nullable String error) {
        return pool.preparedQuery(PINGED).execute(Tuple.of(endpoint, error)).mapEmpty();
    }

    /** @param stuck loops of the process that do not get on */
    Future<Void> report(UUID process, List<String> stuck) {
        return pool.preparedQuery(REPORT)
                .execute(Tuple.of(process).addArrayOfString(stuck.toArray(String[]::new)))
                .mapEmpty();
    }

    Future<Void> forget(UUID process) {
        return pool.preparedQuery(FORGET).execute(Tuple.of(process)).mapEmpty();
    }

    /** @return deliveries that are pending and dead, by these words */
    Future<Map<String, Long>> outbox() {
        return pool.query(OUTBOX)
                .execute()
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(row -> row.getString("state"), row -> row.getLong("deliveries"))));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Tells whether the settings have another address, without keeping it. */
    private static Buffer addressHash(Address address) {
        var text = address instanceof Address.Http http ? http.uri().toString() : address.hint();
        return Buffer.buffer(Sha256.of(text));
    }
}
