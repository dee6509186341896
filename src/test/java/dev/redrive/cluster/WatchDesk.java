package dev.redrive.cluster;

import static dev.redrive.testkit.Eventually.until;

import dev.redrive.PrivateTargets;
import dev.redrive.Settings;
import dev.redrive.alert.QuickAlerts;
import dev.redrive.cluster.ClusterVerticle.Pace;
import dev.redrive.http.ApiServer;
import dev.redrive.job.Jobs;
import dev.redrive.kafka.AdminOnDemand;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.testkit.Broker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The watch over a topic and a group of their own on the broker that tests share, looking ten times a second. */
final class WatchDesk implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pace QUICK = new Pace(Duration.ofMillis(100), 1);

    final Broker broker = Broker.shared();
    final String topic = "orders-" + UUID.randomUUID();
    final String group = "svc-" + UUID.randomUUID();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final ApiServer api;
    final AdminOnDemand admin;
    private final Vertx vertx = Vertx.vertx();
    private final ClusterWatch watch;
    private final Settings settings;

    WatchDesk() throws Exception {
        broker.topics().createTopic(topic, 1);
        var client = Map.of("bootstrap.servers", broker.bootstrapServers());
        var cluster = new Settings.Cluster("default", "redrive", client, List.of(), List.of());
        api = ApiServer.with(pool -> routes -> {
            watchOf(vertx, cluster, pool).routes(pool).bindTo(routes);
            new TopicDesk(
                            Vertx.currentContext().owner(),
                            List.of(cluster),
                            pool,
                            pool,
                            TopicWorld.NAMES,
                            TopicWorld.TOLD,
                            TopicWorld.NEEDS)
                    .routes(new Jobs(Vertx.currentContext().owner(), pool, List.of(TopicDesk.rewinds())).orders())
                    .forEach(each -> each.bindTo(routes));
        });
        watch = watchOf(vertx, cluster, api.pool());
        admin = new AdminOnDemand(vertx, new KafkaClients(cluster));
        settings = settings(cluster);
        var id = broker.admin().describeCluster().clusterId().get();
        sql("WITH met AS (INSERT INTO cluster (kafka_id, name) VALUES ('" + id + "', 'default') RETURNING id),"
                + " read AS (INSERT INTO dead_letter_topic (cluster_id, name, topic_id)"
                + " SELECT id, 'orders-dlt', gen_random_uuid() FROM met RETURNING id)"
                + " INSERT INTO letter_kind (topic_ref, origin_topic, convention) SELECT id, '" + topic
                + "', 'unknown' FROM read");
        sql("INSERT INTO alert_endpoint (name, address_hash) VALUES ('one', sha256('one'))");
    }

    private ClusterWatch watchOf(Vertx vertx, Settings.Cluster cluster, Pool pool) {
        return new ClusterWatch(vertx, List.of(new KafkaClients(cluster)), pool, TopicWorld.NAMES, metrics);
    }

    private static Settings settings(Settings.Cluster cluster) {
        return new Settings(
                new Settings.Database("", 4),
                List.of(cluster),
                new Settings.Http("127.0.0.1", 0, 0, "https://redrive.example"),
                new Settings.Access(Settings.Access.Mode.NONE, null),
                new Settings.Ingest(1, 1, PATIENCE),
                new Settings.Replay(1, 1, PATIENCE),
                null,
                new Settings.Channels(null, PrivateTargets.of("")),
                PATIENCE,
                1_000);
    }

    /** As one process would; the lease of one that died is ended. */
    void deploy() throws Exception {
        sql("DELETE FROM lease");
        ApiServer.await(watch.deploy(Clock.systemUTC(), QUICK));
        ApiServer.await(QuickAlerts.deploy(vertx, settings, api.pool()));
    }

    /** Another process, which finds no broker: of a name with an empty part no name server is asked. */
    AutoCloseable deployWithoutKafka() throws Exception {
        var process = Vertx.vertx();
        var nowhere = Map.of("bootstrap.servers", "kafka..redrive:9092");
        var cluster = new Settings.Cluster("default", "redrive", nowhere, List.of(), List.of());
        ApiServer.await(watchOf(process, cluster, api.pool()).deploy(Clock.systemUTC(), QUICK));
        sql("UPDATE alert_rule SET for_seconds = 0 WHERE condition = 'cluster-unreachable'");
        ApiServer.await(QuickAlerts.deploy(process, settings, api.pool()));
        return () -> ApiServer.await(process.close());
    }

    void produce(String value) {
        broker.topics().produce(topic, "key".getBytes(), value.getBytes());
    }

    /** A member that has read everything there is, committed the offset, and does no more. */
    KafkaConsumer<byte[], byte[]> member(long committed) {
        return member(committed, "classic");
    }

    /** @param protocol of groups: {@code classic} or {@code consumer} */
    KafkaConsumer<byte[], byte[]> member(long committed, String protocol) {
        var consumer = join(protocol);
        commit(consumer, committed);
        return consumer;
    }

    /** A member that commits nothing. */
    KafkaConsumer<byte[], byte[]> join(String protocol) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.protocol",
                        protocol,
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        until(PATIENCE, "the member to be one", () -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        return consumer;
    }

    void commit(KafkaConsumer<byte[], byte[]> consumer, long offset) {
        consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)));
    }

    JsonObject item() throws Exception {
        var answer = api.json("/api/v1/topics/" + topic + "/consumer-groups");
        return answer.getJsonArray("items", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .findFirst()
                .orElse(new JsonObject());
    }

    void awaitState(String state) {
        until(PATIENCE, state, () -> state.equals(item().getString("state")));
    }

    List<JsonObject> told() throws Exception {
        return ApiServer.await(api.pool()
                        .query("SELECT event, episode, data FROM alert_delivery ORDER BY id")
                        .execute())
                .stream()
                .map(row -> new JsonObject(row.getString("data"))
                        .put("event", row.getString("event"))
                        .put("episode", row.getString("episode")))
                .toList();
    }

    List<String> events() throws Exception {
        return told().stream().map(event -> event.getString("event")).toList();
    }

    void sql(String sql) throws Exception {
        ApiServer.await(api.pool().query(sql).execute());
    }

    long count(String sql) throws Exception {
        return ApiServer.await(api.pool().query(sql).execute())
                .iterator()
                .next()
                .getLong(0);
    }

    /** Returns after so many more looks. */
    void awaitLooks(int looks) throws Exception {
        for (int i = 0; i < looks; i++) {
            var before = looked();
            until(PATIENCE, "another look", () -> !looked().equals(before));
        }
    }

    private String looked() throws Exception {
        return String.valueOf(api.json("/api/v1/consumer-groups").getString("asOf"));
    }

    @Override
    public void close() throws Exception {
        ApiServer.await(admin.close());
        ApiServer.await(vertx.close());
        api.close();
    }
}
