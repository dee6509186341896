package dev.redrive.job;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells failures of a letter or a job from an outage, which is nobody's fault and only waits. */
final class Blame {

    private static final int LONGEST = 300;

    /** Classes of SQLSTATE: connection, transaction state, rollback by a deadlock, resources, shutdown. */
    private static final Set<String> OUTAGE = Set.of("08", "25", "40", "53");

    private static final String SHUTDOWN = "57P";

    private Blame() {}

    static boolean isOnTheJob(Throwable failure) {
        if (failure instanceof PgException postgres) {
            var state = String.valueOf(postgres.getSqlState());
            return !state.startsWith(SHUTDOWN) && !OUTAGE.contains(state.substring(0, 2));
        }
        return !(failure instanceof VertxException
                || failure instanceof ClosedConnectionException
                || failure instanceof IOException
                || failure instanceof TimeoutException);
    }

    /** Without what the database says about rows, because that may be payload. */
    static String words(Throwable failure) {
        var text = failure instanceof PgException postgres
                ? "The database refused it with SQLSTATE " + postgres.getSqlState()
                : String.valueOf(failure.getMessage());
        return text.substring(0, Math.min(LONGEST, text.length()));
    }
}
