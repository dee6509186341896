package dev.redrive.alert;

import dev.redrive.LastingFailure;
import dev.redrive.PrivateTargets;
import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.alert.DeliveryVerticle.Pace;
import dev.redrive.audit.AuditStore;
import dev.redrive.cluster.Told;
import dev.redrive.cluster.TopicListener;
import dev.redrive.grouping.NewGroupListener;
import dev.redrive.http.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** The feature as the rest of the product sees it: who is told of what, and the verticles that look and tell. */
public final class Alerts {

    private static final Duration KEEP_RETRY = Duration.ofSeconds(2);

    private final Pool pool;
    private final LastingFailure notKept = new LastingFailure(
            LoggerFactory.getLogger(Alerts.class), "The endpoints of the settings cannot be kept yet");
    private final Links links;
    private final List<Endpoint> endpoints;
    private final EndpointOpener opener;
    private final PrivateTargets privateTargets;
    private final long usualLimit;
    private final Map<String, String> own;
    private final Map<Condition, AlertSource> others = new EnumMap<>(Condition.class);

    /** @param pool for writing; the caller closes it */
    public Alerts(Settings settings, Pool pool) {
        this.pool = pool;
        this.links = new Links(settings.http().publicUrl());
        this.endpoints = Stream.ofNullable(settings.webhook()).map(Endpoint::of).toList();
        var key = settings.channels().secretsKey();
        this.opener = new EndpointOpener(key == null ? null : new SecretBox(key), endpoints);
        this.privateTargets = settings.channels().privateTargets();
        this.usualLimit = settings.alertLag();
        this.own = settings.clusters().stream()
                .collect(Collectors.toMap(Settings.Cluster::name, Settings.Cluster::groupId));
    }

    /** Where to look for a condition of which this feature knows nothing; before {@link #deploy}. */
    public Alerts lookingFor(Condition condition, AlertSource source) {
        others.put(condition, source);
        return this;
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
                Breaker.STANDARD,
                Pace.STANDARD,
                new DeadAlert(links),
                new DeliveryMetrics(registry));
        var channels = new Channels(guard(vertx), Pace.STANDARD.answer(), links.publicUrl(), null);
        return keep(vertx, store)
                .compose(kept -> vertx.deployVerticle(
                        new EndpointsVerticle(store, opener, channels, shared, progress, EndpointsVerticle.INTERVAL)))
                .compose(deployed -> watch(vertx, Clock.systemUTC(), AlertVerticle.Pace.STANDARD, progress))
                .mapEmpty();
    }

    /** As often as it takes: a database that goes away while the process starts is waited for like one that is not there. */
    private Future<Void> keep(Vertx vertx, EndpointStore store) {
        return store.keep(endpoints).onSuccess(kept -> notKept.over()).recover(failure -> {
            notKept.tell(failure);
            return vertx.timer(KEEP_RETRY.toMillis()).compose(again -> keep(vertx, store));
        });
    }

    private AddressGuard guard(Vertx vertx) {
        return new AddressGuard(Resolver.of(vertx), privateTargets);
    }

    /** Looks at the rules and writes what there is to tell, without sending it. */
    Future<String> watch(Vertx vertx, Clock clock, AlertVerticle.Pace pace, Progress progress) {
        var sources = new Sources(links, new ConsumerSource(links, usualLimit, own), others);
        var watch = new AlertWatch(pool, sources, new Teller(links), own.keySet(), pace.calm());
        return vertx.deployVerticle(new AlertVerticle(watch, pool, clock, pace, progress.loop("alerts")));
    }

    /** To be called in the transaction of the first letters. */
    public NewGroupListener onNewGroups() {
        return new NewGroupAlert(links, Clock.systemUTC());
    }

    /** As {@link #onNewGroups}, for a gap: in the transaction of the connection or not at all. */
    public Future<Void> tell(SqlConnection connection, GapNotice gap) {
        var now = Clock.systemUTC().instant();
        return Noticing.tell(connection, List.of(new GapAlert(links).notice(gap, now)), now);
    }

    /** As {@link #onNewGroups}, for a lane on hold. */
    public Future<Void> tell(SqlConnection connection, LaneNotice lane) {
        var now = Clock.systemUTC().instant();
        return Noticing.tell(connection, List.of(notice(lane, now)), now);
    }

    /** For who looks at lanes again and again. */
    public AlertNotice notice(LaneNotice lane, Instant since) {
        return new LaneAlert(links).notice(lane, since);
    }

    /**
     * As {@link #onNewGroups}, for anything that somebody noticed: it opens an alert of every rule that waits for it and
     * fits, keeps the open ones up to date, or lets them calm down. To be told again at every look while it holds, so that
     * a rule that is made or switched on meanwhile learns of it.
     */
    public Future<Void> tell(SqlConnection connection, List<AlertNotice> notices) {
        return notices.isEmpty()
                ? Future.succeededFuture()
                : Noticing.tell(connection, notices, Clock.systemUTC().instant());
    }

    /** Whether somebody hears of the letters of a topic. */
    public Told hears() {
        return new Hearing(pool);
    }

    /** As {@link #onNewGroups}, for dead-letter topics that somebody should look after. */
    public TopicListener onTopics() {
        var alert = new TopicAlert(links);
        return (connection, notices) -> {
            var now = Clock.systemUTC().instant();
            return tell(
                    connection,
                    notices.stream().map(notice -> alert.notice(notice, now)).toList());
        };
    }

    /** @param reading pool for lists */
    public List<Routes> routes(Vertx vertx, Pool reading) {
        var clock = Clock.systemUTC();
        var audit = new AuditStore(pool);
        var deliveries = new DeliveryStore(reading);
        var desk = new EndpointDeskStore(pool);
        var keeper = new EndpointKeeper(opener, guard(vertx));
        return List.of(
                new EndpointCreationRoutes(desk, keeper, audit),
                new EndpointRoutes(
                        desk,
                        keeper,
                        new EndpointTests(vertx, pool, new TestAlert(links), audit, deliveries),
                        audit,
                        links.publicUrl()),
                new DeliveryRoutes(deliveries, new RedeliveryStore(pool), audit, links.publicUrl()),
                new AlertRuleRoutes(pool, audit, new Teller(links), clock),
                new BacktestRoutes(new Backtest(reading, usualLimit, own), clock),
                new AlertRoutes(pool, reading, audit, links, clock),
                new SilenceRoutes(pool, reading, audit, clock));
    }
}
