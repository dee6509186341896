package dev.redrive.grouping;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Is told of new failure groups inside the transaction that stores their first letters. */
@FunctionalInterface
public interface NewGroupListener {

    /**
     * Called once a transaction, after its letters were counted, and only with groups. A failed future rolls the
     * letters back; they are read again.
     *
     * @param connection in the transaction of the letters; what is written here is committed with them or not at all
     */
    Future<Void> created(SqlConnection connection, List<FailureGroup> groups);
}
