package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/**
 * Is told of dead-letter topics in the transaction that writes down how they are. What lasts is told at every look, so that
 * who begins to listen meanwhile learns of it.
 */
@FunctionalInterface
public interface TopicListener {

    /** Whatever it writes is committed with the transaction of the connection or not at all. */
    Future<Void> tell(SqlConnection connection, List<TopicNotice> notices);
}
