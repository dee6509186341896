package dev.redrive.retention;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.Routes;
import dev.redrive.job.Work;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;

/** The rules, the runs that follow them, and the purge as a job. */
public final class Retention {

    private final Vertx vertx;
    private final Pool pool;
    private final AuditStore audit;

    public Retention(Vertx vertx, Pool pool, AuditStore audit) {
        this.vertx = vertx;
        this.pool = pool;
        this.audit = audit;
    }

    /** The kind of work {@code purge}. */
    public static Work work() {
        return new PurgeWork();
    }

    /** @param reading a pool with a short statement timeout */
    public Routes routes(Pool reading) {
        return new RetentionRoutes(new RetentionStore(pool), new RunStore(pool, audit), audit, reading);
    }

    public Future<?> deploy() {
        return deploy(RetentionVerticle.Pace.STANDARD);
    }

    Future<String> deploy(RetentionVerticle.Pace pace) {
        return vertx.deployVerticle(new RetentionVerticle(new RetentionStore(pool), new RunStore(pool, audit), pace));
    }
}
