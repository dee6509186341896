package dev.redrive.job;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The desk of several letters at once: its routes, and the engine that every process runs one of. */
public final class Jobs {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Pool pool;
    private final AuditStore audit;
    private final Duration lease;
    private final Map<String, Work> works = new TreeMap<>();

    /** @param more kinds of work, besides what is done to letters alone */
    public Jobs(Vertx vertx, Pool pool, List<Work> more) {
        this(vertx, pool, more, LEASE);
    }

    /** @param lease how long a process may be silent inside a batch before another one takes the job */
    Jobs(Vertx vertx, Pool pool, List<Work> more, Duration lease) {
        this.lease = lease;
        this.vertx = vertx;
        this.pool = pool;
        this.audit = new AuditStore(pool);
        for (var work : LetterWork.values()) {
            works.put(work.type(), work);
        }
        more.forEach(work -> works.put(work.type(), work));
    }

    public List<Routes> routes() {
        var desk = desk();
        var selections = new SelectionStore(pool);
        return List.of(
                new SelectionRoutes(selections),
                new JobRoutes(desk, selections),
                new JobControlRoutes(desk),
                new RetryRoutes(desk),
                new ExclusionRoutes(desk),
                new TriageRoutes(pool, audit));
    }

    /** For features whose changes end in a job. */
    public JobOrders orders() {
        return new JobOrders(desk());
    }

    private OrderDesk desk() {
        var store = new JobStore(pool);
        var view = new JobView(pool, works);
        return new OrderDesk(
                store, audit, new Idempotency(pool), works, view, new JobWait(vertx, store, view::of), this::wake);
    }

    private void wake() {
        vertx.eventBus().publish(JobVerticle.WAKE, "");
    }

    public Future<?> deploy(MeterRegistry registry) {
        var batches = new BatchStore(pool, lease);
        return vertx.deployVerticle(
                new JobVerticle(batches, new JobEngine(batches, audit, works, new JobMetrics(registry))));
    }
}
