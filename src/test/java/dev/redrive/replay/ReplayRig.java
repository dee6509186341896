package dev.redrive.replay;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.postgres.Database;
import dev.redrive.replay.ReplayEvents.Caller;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lanes on a database of their own and a broker, without HTTP. Receipts of several rigs share a topic, as in life. */
final class ReplayRig implements AutoCloseable {

    static final Caller ANA = new Caller("ana", "request-1");
    static final Duration WINDOW = Duration.ofMillis(1500);
    static final int MAX_ATTEMPTS = 3;

    static final String CLUSTER = "test";

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ReplayMetrics metrics = new ReplayMetrics(registry);
    final Pool pool;
    final String databaseUrl;
    final Broker broker;
    final TargetCluster cluster;
    final Replays replays;
    final ReplayStore store;
    final LetterRows letters;
    final List<HoldListener.Hold> holds = new CopyOnWriteArrayList<>();
    private final List<String> deployments = new ArrayList<>();

    private ReplayRig(Broker broker, String databaseUrl, Duration lease, int lanes) {
        this.broker = broker;
        this.databaseUrl = databaseUrl;
        this.pool = new Database(new Settings.Database(databaseUrl, 8)).open(vertx);
        var kafka = new Settings.Cluster(
                CLUSTER, "redrive", Map.of("bootstrap.servers", broker.bootstrapServers()), List.of(), List.of());
        this.cluster =
                new TargetCluster(vertx, new KafkaClients(kafka), new Settings.Replay(lanes, MAX_ATTEMPTS, lease));
        var plans = new ReplayPlans(pool, Map.of(CLUSTER, cluster));
        this.replays = new Replays(pool, plans, lanes, MAX_ATTEMPTS, metrics);
        this.store = new ReplayStore(pool);
        this.letters = new LetterRows(pool, await(cluster.kafkaId()), CLUSTER);
    }

    static ReplayRig start() {
        return on(Broker.shared(), Postgres.shared().freshDatabase(), Duration.ofSeconds(5), 2);
    }

    static ReplayRig on(Broker broker, String databaseUrl, Duration lease, int lanes) {
        return new ReplayRig(broker, databaseUrl, lease, lanes);
    }

    /** All lanes of the rig, as one process would run them. */
    ReplayRig serve() {
        return serve(FallbackRecovery.Patience.STANDARD, null);
    }

    /** @param mode what the cluster is taken for; null asks it */
    ReplayRig serve(FallbackRecovery.Patience patience, @Nullable Mode mode) {
        var lanes = new Lanes(cluster, pool, WINDOW, this::held, metrics, patience, mode);
        for (int lane = 0; lane < cluster.settings().lanes(); lane++) {
            deployments.add(await(vertx.deployVerticle(new ReplayVerticle(lanes, lane, new Progress().loop("lane")))));
        }
        return this;
    }

    private Future<Void> held(SqlConnection connection, HoldListener.Hold hold) {
        holds.add(hold);
        return Future.succeededFuture();
    }

    void stopServing() {
        deployments.forEach(id -> await(vertx.undeploy(id)));
        deployments.clear();
    }

    BrokerTopics topics() {
        return broker.topics();
    }

    /** A topic nobody else uses. */
    String topic(int partitions) {
        return topic(partitions, Map.of());
    }

    String topic(int partitions, Map<String, String> configs) {
        var name = "orders-" + UUID.randomUUID();
        topics().createTopic(name, partitions, configs);
        return name;
    }

    static ReplayAsk ask(long letterId) {
        return ask(letterId, Source.ORIGINAL, null);
    }

    static ReplayAsk ask(long letterId, Source source, @Nullable Target target, String... overrides) {
        return new ReplayAsk(letterId, null, source, null, target, Set.of(overrides), Duration.ZERO, "because");
    }

    /** Asks to be refused where a replay cannot be proven to be sent once. */
    static ReplayAsk strict(long letterId) {
        return new ReplayAsk(letterId, null, Source.ORIGINAL, null, null, Set.of(), Duration.ZERO, "because", true);
    }

    Replay replay(long letterId) {
        return replay(ask(letterId));
    }

    Replay replay(ReplayAsk ask) {
        return await(accept(ask));
    }

    Future<Replay> accept(ReplayAsk ask) {
        return replays.plans()
                .plan(ask)
                .compose(plan -> pool.withTransaction(connection -> replays.accept(connection, ask, plan, ANA)));
    }

    Replay find(UUID id) {
        return await(store.find(id)).orElseThrow();
    }

    /** Waits until the replay is settled. */
    Replay settled(UUID id) {
        return Eventually.value(
                Duration.ofSeconds(40),
                "the fate of replay " + id,
                () -> Optional.of(find(id)).filter(replay -> replay.state().isSettled()));
    }

    /** Waits until so many are counted, which is a moment after they are settled. */
    void awaitCount(String metric, String topic, String label, String value, int count) {
        Eventually.until(
                Duration.ofSeconds(10),
                metric + " of " + value,
                () -> registry.get(metric)
                                .tags("topic", topic, label, value)
                                .counter()
                                .count()
                        == count);
    }

    String statusOf(long letterId) {
        return row("SELECT status FROM letter_state WHERE letter_id = $1", letterId)
                .getString("status");
    }

    Row row(String sql, Object... values) {
        return await(pool.preparedQuery(sql).execute(Tuple.from(values)))
                .iterator()
                .next();
    }

    /** The first column of each row. */
    List<String> texts(String sql) {
        return await(pool.query(sql).execute()).stream()
                .map(row -> row.getString(0))
                .toList();
    }

    void execute(String sql, Object... values) {
        await(pool.preparedQuery(sql).execute(Tuple.from(values)));
    }

    static <T> T await(Future<T> future) {
        return future.timeout(40, TimeUnit.SECONDS).await();
    }

    @Override
    public void close() {
        stopServing();
        await(cluster.close());
        await(vertx.close());
    }
}
