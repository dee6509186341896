package dev.redrive.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/**
 * Lets one transaction after the other through, over any number of processes: who counts behind it sees what everybody
 * before has added, so that a limit holds. Held by an advisory lock of Postgres.
 */
public final class TurnstileStore {

    private static final String PASS = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    private TurnstileStore() {}

    /**
     * Waits until the transactions that passed before have ended; none passes after this one before it has.
     *
     * @param name of what is counted behind it; of two names that share a hash one may wait for the other
     */
    public static Future<Void> pass(SqlConnection connection, String name) {
        return connection.preparedQuery(PASS).execute(Tuple.of(name)).mapEmpty();
    }
}
