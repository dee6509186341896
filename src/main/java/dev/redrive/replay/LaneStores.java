package dev.redrive.replay;

import dev.redrive.audit.AuditStore;
import io.vertx.sqlclient.Pool;
import java.time.Duration;

/** The tables as a lane sees them. */
record LaneStores(
        LaneStore lanes, SendingStore sending, RecoveryStore recovery, CopyStore copies, ReplayContents contents) {

    static LaneStores on(Pool pool, Duration outcomeWindow, ReplayMetrics metrics) {
        var changes = new ChangeStore(new AuditStore(pool));
        return new LaneStores(
                new LaneStore(pool),
                new SendingStore(pool, changes, outcomeWindow, metrics),
                new RecoveryStore(pool, changes, outcomeWindow, metrics),
                new CopyStore(pool, changes),
                new ReplayContents(pool, new DraftStore(pool)));
    }
}
