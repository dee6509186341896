package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Is told of consumer groups in the transaction that writes down that they were told of. */
@FunctionalInterface
public interface LagListener {

    /** Whatever it writes is committed with the transaction of the connection or not at all. */
    Future<Void> tell(SqlConnection connection, List<LagNotice> notices);
}
