package dev.redrive.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;

/** Whether the database answers. Touches no table, so that it says nothing about locks or load. */
public final class PulseStore {

    private static final String ASK = "SELECT 1";

    private final Pool pool;

    public PulseStore(Pool pool) {
        this.pool = pool;
    }

    public Future<Void> feel() {
        return pool.query(ASK).execute().mapEmpty();
    }
}
