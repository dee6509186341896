package dev.redrive.ingest;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Is told of gaps inside the transaction that notes them. */
@FunctionalInterface
public interface GapListener {

    /**
     * Called once a gap. A failed future rolls the gap back; it is noticed again.
     *
     * @param connection in the transaction of the gap; what is written here is committed with it or not at all
     */
    Future<Void> noticed(SqlConnection connection, Gap gap);
}
