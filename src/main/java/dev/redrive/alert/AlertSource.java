package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;

/** Says for which subjects a condition holds now. Asked again and again, by one process at a time. */
@FunctionalInterface
public interface AlertSource {

    /**
     * @param connection in a transaction of its own, with a statement timeout of 30 s
     * @param since moments before it are not asked for; conditions that last are told whenever they began
     * @return all that hold; an alert whose subject is not among them calms down
     */
    Future<List<AlertNotice>> look(SqlConnection connection, Instant since, Instant now);
}
