package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The SQL of {@code alert_endpoint}, but for what a delivery changes: that is {@link OutboxStore}'s. */
final class EndpointStore {

    private static final String KEEP = """
            INSERT INTO alert_endpoint AS known (name, address_hash) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE
            SET address_hash = excluded.address_hash, state = 'active', disabled_reason = NULL, not_before = now()
            WHERE known.address_hash <> excluded.address_hash OR known.state = 'absent'""";

    private static final String LEAVE_OTHERS = """
            UPDATE alert_endpoint SET state = 'absent', disabled_reason = NULL
            WHERE state <> 'absent' AND name <> ALL ($1)""";

    private static final String ACTIVE = "SELECT EXISTS (SELECT FROM alert_endpoint WHERE state = 'active') AS active";

    private final Pool pool;

    EndpointStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * Makes the stored endpoints those of the settings. One that answered 410 stays disabled until its address
     * changes; one that is configured no longer gets no new events.
     */
    Future<Void> keep(List<Endpoint> endpoints) {
        var names = endpoints.stream().map(Endpoint::name).toArray(String[]::new);
        var kept = endpoints.stream()
                .map(endpoint -> pool.preparedQuery(KEEP).execute(Tuple.of(endpoint.name(), addressHash(endpoint))))
                .toList();
        return Future.all(kept)
                .compose(all -> pool.preparedQuery(LEAVE_OTHERS).execute(Tuple.of(names)))
                .mapEmpty();
    }

    /** @return whether an event goes to anybody now */
    Future<Boolean> isAnyActive() {
        return pool.query(ACTIVE).execute().map(rows -> rows.iterator().next().getBoolean("active"));
    }

    private static Buffer addressHash(Endpoint endpoint) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return Buffer.buffer(digest.digest(endpoint.address().toString().getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java has SHA-256", missing);
        }
    }
}
