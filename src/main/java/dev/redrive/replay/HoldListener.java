package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Hears of a lane that sends nothing until a person has looked, in the transaction that says so. */
@FunctionalInterface
public interface HoldListener {

    /** @param fence of the lane; with it a lane that is on hold once more is told once more */
    record Hold(String cluster, int lane, long fence, String why) {}

    /** A failure undoes the transaction, which is tried again. */
    Future<Void> onHold(SqlConnection connection, Hold hold);
}
