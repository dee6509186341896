package dev.redrive;

import dev.redrive.access.Access;
import dev.redrive.access.SessionRoutes;
import dev.redrive.access.SessionStore;
import dev.redrive.audit.AuditRoutes;
import dev.redrive.audit.AuditStore;
import dev.redrive.grouping.FailureGroupListStore;
import dev.redrive.grouping.FailureGroupRoutes;
import dev.redrive.grouping.GroupFacetRoutes;
import dev.redrive.grouping.GroupTriageRoutes;
import dev.redrive.grouping.LabelRuleRoutes;
import dev.redrive.http.Changes;
import dev.redrive.http.Contract;
import dev.redrive.http.HttpVerticle;
import dev.redrive.http.ManagementVerticle;
import dev.redrive.http.Readiness;
import dev.redrive.http.Routes;
import dev.redrive.letter.FacetRoutes;
import dev.redrive.letter.LetterRoutes;
import dev.redrive.letter.LetterStore;
import dev.redrive.letter.PayloadRoutes;
import dev.redrive.letter.StatusRoutes;
import dev.redrive.postgres.Database;
import dev.redrive.postgres.PulseStore;
import dev.redrive.view.SavedViewRoutes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.BindException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The two HTTP servers: one for people and runbooks, one for whoever runs the process. */
final class HttpServers {

    /** Event loops that serve the API; more would only wait for the same pool. */
    private static final int MOST_INSTANCES = 4;

    private final Vertx vertx;
    private final Settings settings;
    private final Readiness readiness = new Readiness();
    private final AtomicInteger listeners = new AtomicInteger();

    /** By a worker, while Postgres is migrated: to parse it takes a good part of a second of a cold JVM. */
    private final Future<Contract> contract;

    HttpServers(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.contract = vertx.executeBlocking(Contract::read);
    }

    Readiness readiness() {
        return readiness;
    }

    /** First of all, so that a process that still waits for Postgres says that it lives and is not ready. */
    Future<Void> manage(PrometheusMeterRegistry metrics) {
        Gauge.builder("redrive.sse.connections", listeners, AtomicInteger::get)
                .description("Browsers that listen to the event stream")
                .register(metrics);
        return vertx.deployVerticle(new ManagementVerticle(settings.http(), readiness, metrics))
                .recover(failure ->
                        told(failure, "REDRIVE_MANAGEMENT_PORT", settings.http().managementPort()))
                .mapEmpty();
    }

    /** The system's own words tell neither the address nor the setting. */
    private Future<String> told(Throwable failure, String setting, int port) {
        if (!(failure instanceof BindException)) {
            return Future.failedFuture(failure);
        }
        var text = "%s: cannot listen on %s:%d: %s"
                .formatted(setting, settings.http().host(), port, failure.getMessage());
        return Future.failedFuture(new BindException(text));
    }

    /**
     * @param pool for writing
     * @param reading with a short statement timeout
     * @param more routes of features that need more than Postgres
     */
    Future<Void> serve(Pool pool, Pool reading, List<Routes> more) {
        var database = new Database(settings.database());
        var sessions = new SessionStore(pool);
        var access = new Access(settings.access(), sessions);
        var routes = routes(pool, reading, database.openForSearching(vertx));
        routes.add(new SessionRoutes(access, sessions, settings.http().publicUrl()));
        routes.addAll(more);
        var instances = new DeploymentOptions()
                .setInstances(Math.min(MOST_INSTANCES, Runtime.getRuntime().availableProcessors()));
        readiness.require("postgres", new PulseStore(pool)::feel);
        return vertx.deployVerticle(new Changes(database))
                .compose(listening -> contract)
                .compose(read -> read.prepare(vertx).map(read))
                .compose(read -> vertx.deployVerticle(
                        () -> new HttpVerticle(settings.http(), read, access, routes, listeners), instances))
                .recover(failure ->
                        told(failure, "REDRIVE_HTTP_PORT", settings.http().port()))
                .onSuccess(serving -> readiness.started())
                .mapEmpty();
    }

    private static List<Routes> routes(Pool pool, Pool reading, Pool searching) {
        var letters = new LetterStore(pool);
        var audit = new AuditStore(pool);
        var clock = Clock.systemUTC();
        return new ArrayList<>(List.of(
                new LetterRoutes(letters, reading, searching, clock),
                new FacetRoutes(reading, searching, clock),
                new SavedViewRoutes(pool, audit),
                new PayloadRoutes(letters),
                new StatusRoutes(letters, audit),
                new AuditRoutes(audit, reading),
                new FailureGroupRoutes(new FailureGroupListStore(reading), clock),
                new GroupFacetRoutes(reading, clock),
                new GroupTriageRoutes(pool, audit),
                new LabelRuleRoutes(pool, reading, audit)));
    }
}
