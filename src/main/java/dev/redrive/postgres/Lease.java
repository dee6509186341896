package dev.redrive.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One of several owners of a lease, most often one verticle of each process. It only spares work: a process that was
 * paused does not notice that its lease has ended, so what it guards must be harmless when done twice.
 */
public final class Lease {

    private static final long GIVE_BACK_SECONDS = 2;

    private final LeaseStore store;
    private final String name;
    private final Duration time;
    private final UUID owner = UUID.randomUUID();

    /**
     * @param name the same for all who want it
     * @param time from when it is taken, on the clock of the database; to outlast what is done before it is taken again
     */
    public Lease(Pool pool, String name, Duration time) {
        this.store = new LeaseStore(pool);
        this.name = name;
        this.time = time;
    }

    /** Takes or renews it. @return whether it is ours now */
    public Future<Boolean> take() {
        return store.take(name, owner, time);
    }

    /** Takes or renews it, and does the work where that went well. */
    public Future<Void> whileOurs(Supplier<Future<Void>> work) {
        return take().compose(ours -> ours ? work.get() : Future.succeededFuture());
    }

    /** So that another one need not wait for its end. Never fails: what is not given back ends by itself. */
    public Future<Void> giveBack() {
        return Future.succeededFuture()
                .compose(ready -> store.giveBack(name, owner))
                .timeout(GIVE_BACK_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }
}
