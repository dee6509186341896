package dev.redrive.alert;

import dev.redrive.PrivateTargets;
import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.alert.DeliveryVerticle.Pace;
import dev.redrive.audit.AuditStore;
import dev.redrive.cluster.LagListener;
import dev.redrive.cluster.TopicListener;
import dev.redrive.grouping.NewGroupListener;
import dev.redrive.http.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The feature as the rest of the product sees it: who is told of what, and the verticles that tell. */
public final class Alerts {

    private final Pool pool;
    private final Links links;
    private final List<Endpoint> endpoints;
    private final EndpointOpener opener;
    private final PrivateTargets privateTargets;

    /** @param pool for writing; the caller closes it */
    public Alerts(Settings settings, Pool pool) {
        this.pool = pool;
        this.links = new Links(settings.http().publicUrl());
        this.endpoints = Stream.ofNullable(settings.webhook()).map(Endpoint::of).toList();
        var key = settings.channels().secretsKey();
        this.opener = new EndpointOpener(key == null ? null : new SecretBox(key), endpoints);
        this.privateTargets = settings.channels().privateTargets();
    }

    /**
     * Done when events are written for every endpoint of the settings and sent to it; so before letters are read.
     *
     * @param progress told of the loops, and asked for all others before a heartbeat
     */
    public Future<Void> deploy(Vertx vertx, MeterRegistry registry, Progress progress) {
        var store = new EndpointStore(pool);
        var shared = new DeliveryVerticle.Shared(
                new OutboxStore(pool),
                RetrySchedule.standard(new Random()),
                Pace.STANDARD,
                new DeadAlert(links),
                new DeliveryMetrics(registry));
        var channels = new Channels(guard(vertx), Pace.STANDARD.answer(), links.publicUrl(), null);
        return store.keep(endpoints)
                .compose(kept -> vertx.deployVerticle(
                        new EndpointsVerticle(store, opener, channels, shared, progress, EndpointsVerticle.INTERVAL)))
                .mapEmpty();
    }

    private AddressGuard guard(Vertx vertx) {
        return new AddressGuard(Resolver.of(vertx), privateTargets);
    }

    /** To be called in the transaction of the first letters. */
    public NewGroupListener onNewGroups() {
        return new NewGroupAlert(links);
    }

    /** As {@link #onNewGroups}, for a gap: in the transaction of the connection or not at all. */
    public Future<Void> tell(SqlConnection connection, GapNotice gap) {
        return OutboxStore.write(connection, List.of(new GapAlert(links).event(gap)));
    }

    /** As {@link #onNewGroups}, for a lane on hold. */
    public Future<Void> tell(SqlConnection connection, LaneNotice lane) {
        return OutboxStore.write(connection, List.of(new LaneAlert(links).event(lane)));
    }

    /** @return whether an event reaches anybody now */
    public Future<Boolean> reachAnybody() {
        return new EndpointStore(pool).isAnyActive();
    }

    /** As {@link #onNewGroups}, for consumer groups that do not get on. */
    public LagListener onLag() {
        var alert = new LagAlert(links);
        return (connection, notices) ->
                OutboxStore.write(connection, notices.stream().map(alert::event).toList());
    }

    /** As {@link #onNewGroups}, for dead-letter topics that somebody should look after. */
    public TopicListener onTopics() {
        var alert = new TopicAlert(links);
        return (connection, notices) ->
                OutboxStore.write(connection, notices.stream().map(alert::event).toList());
    }

    /** @param reading pool for lists */
    public Routes routes(Vertx vertx, Pool reading) {
        var audit = new AuditStore(pool);
        var deliveries = new DeliveryStore(reading);
        var endpoints = new EndpointRoutes(
                new EndpointDeskStore(pool),
                new EndpointKeeper(opener, guard(vertx)),
                new EndpointTests(vertx, pool, new TestAlert(links), audit, deliveries),
                audit,
                links.publicUrl());
        var sent = new DeliveryRoutes(deliveries, new RedeliveryStore(pool), audit, links.publicUrl());
        return routes -> {
            endpoints.bindTo(routes);
            sent.bindTo(routes);
        };
    }
}
