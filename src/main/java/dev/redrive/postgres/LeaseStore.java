package dev.redrive.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/** Who of several processes does what must be done once. Time is the database's alone, so host clocks never matter. */
final class LeaseStore {

    private static final String TAKE = """
            INSERT INTO lease AS held (name, owner, until) VALUES ($1, $2, now() + make_interval(secs => $3))
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
            WHERE held.owner = excluded.owner OR held.until < now()
            RETURNING owner""";

    private static final String GIVE_BACK = "DELETE FROM lease WHERE name = $1 AND owner = $2";

    private final Pool pool;

    LeaseStore(Pool pool) {
        this.pool = pool;
    }

    /** Takes or renews the lease. @return whether {@code owner} holds it now */
    Future<Boolean> take(String name, UUID owner, Duration time) {
        return pool.preparedQuery(TAKE)
                .execute(Tuple.of(name, owner, time.toMillis() / 1000.0))
                .map(rows -> rows.size() == 1);
    }

    Future<Void> giveBack(String name, UUID owner) {
        return pool.preparedQuery(GIVE_BACK).execute(Tuple.of(name, owner)).mapEmpty();
    }
}
