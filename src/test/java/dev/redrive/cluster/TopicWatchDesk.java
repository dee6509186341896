package dev.redrive.cluster;

import static dev.redrive.testkit.Eventually.until;
import static java.util.Objects.requireNonNull;

import dev.redrive.PrivateTargets;
import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.alert.Alerts;
import dev.redrive.alert.GapNotice;
import dev.redrive.alert.QuickAlerts;
import dev.redrive.http.ApiServer;
import dev.redrive.ingest.Ingest;
import dev.redrive.job.Jobs;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.testkit.Broker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The watch over one dead-letter topic, an ingest that reads it, and what is told; on the broker that tests share. */
final class TopicWatchDesk implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TopicWatchVerticle.Pace QUICK =
            new TopicWatchVerticle.Pace(Duration.ofMillis(200), Duration.ofMillis(600), Duration.ofSeconds(1));

    final Broker broker = Broker.shared();
    final String origin = "w" + UUID.randomUUID() + ".orders";
    final String topic = origin + "-dlt";
    final ApiServer api;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Settings.Cluster cluster;
    private final Alerts alerts;
    private final AtomicReference<TopicDesk> topics = new AtomicReference<>();
    private final AtomicReference<Jobs> jobs = new AtomicReference<>();
    private final List<String> readers = new ArrayList<>();
    private List<String> watches = List.of();

    TopicWatchDesk(int partitions, Map<String, String> configs) throws Exception {
        broker.topics().createTopic(topic, partitions, configs);
        var client = Map.of("bootstrap.servers", broker.bootstrapServers());
        var others = Pattern.compile("(?!" + Pattern.quote(origin) + ").*", Pattern.DOTALL);
        cluster = new Settings.Cluster("default", "g-" + origin, client, List.of(), List.of(others));
        api = ApiServer.with(pool -> routes -> {
            var desk = new TopicDesk(
                    Vertx.currentContext().owner(),
                    List.of(cluster),
                    pool,
                    pool,
                    TopicWorld.NAMES,
                    TopicWorld.TOLD,
                    TopicWorld.NEEDS);
            var made = new Jobs(Vertx.currentContext().owner(), pool, List.of(TopicDesk.rewinds()));
            made.routes().forEach(each -> each.bindTo(routes));
            desk.routes(made.orders()).forEach(each -> each.bindTo(routes));
            topics.set(desk);
            jobs.set(made);
        });
        alerts = new Alerts(settings(), api.pool());
        sql("INSERT INTO alert_endpoint (name, address_hash) VALUES ('one', sha256('one'))");
        ApiServer.await(QuickAlerts.deploy(api.vertx(), settings(), api.pool()));
    }

    private Settings settings() {
        return new Settings(
                new Settings.Database("", 4),
                List.of(cluster),
                new Settings.Http("127.0.0.1", 0, 0, "https://redrive.example"),
                new Settings.Access(Settings.Access.Mode.NONE, null),
                new Settings.Ingest(1, 1 << 20, Duration.ofMillis(500)),
                new Settings.Replay(1, 1, PATIENCE),
                null,
                new Settings.Channels(null, PrivateTargets.of("")),
                PATIENCE,
                1_000);
    }

    void watch() throws Exception {
        var before = Set.copyOf(api.vertx().deploymentIDs());
        ApiServer.await(requireNonNull(topics.get()).watch(alerts.onTopics(), QUICK));
        watches = new ArrayList<>(api.vertx().deploymentIDs());
        watches.removeAll(before);
    }

    /** As another process that goes on where this one stops. Returns when it has looked for longer than a hold takes. */
    void watchElsewhere() throws Exception {
        for (var watch : watches) {
            ApiServer.await(api.vertx().undeploy(watch));
        }
        watch();
        var later = Instant.now().plus(QUICK.heldBack().multipliedBy(2));
        until(
                PATIENCE,
                "looks of the other one",
                () -> number("SELECT count(*) FROM topic_expiry WHERE measured_at > '" + later + "'") > 0);
    }

    private Ingest ingest() {
        return new Ingest(
                settings().ingest(),
                new KafkaClients(cluster),
                api.pool(),
                (connection, groups) -> Future.succeededFuture(),
                (connection, gap) -> alerts.tell(
                        connection,
                        new GapNotice(
                                gap.id(),
                                gap.cluster(),
                                gap.topic(),
                                gap.partition(),
                                gap.from(),
                                gap.to(),
                                gap.cause().word())),
                metrics,
                new Progress());
    }

    /** In one more process, as far as the others can tell. */
    void read() throws Exception {
        readers.add(ApiServer.await(api.vertx().deployVerticle(ingest())));
    }

    void stopReading() throws Exception {
        for (var reader : readers) {
            ApiServer.await(api.vertx().undeploy(reader));
        }
        readers.clear();
    }

    /** Jobs go on from now on; until then they are only ordered. @return ends that again, as if the process had died */
    AutoCloseable work() throws Exception {
        var engine = (String) ApiServer.await(requireNonNull(jobs.get()).deploy(metrics));
        return () -> ApiServer.await(api.vertx().undeploy(engine));
    }

    /** How many partitions each member of ingest's group reads. */
    List<Integer> shares() throws Exception {
        var group = "g-" + origin;
        var described = broker.admin().describeConsumerGroups(List.of(group)).describedGroups();
        return requireNonNull(described.get(group)).get(10, TimeUnit.SECONDS).members().stream()
                .map(member -> member.assignment().topicPartitions().size())
                .toList();
    }

    /** As if ingest had read up to there. */
    void position(int partition, long next) throws Exception {
        var id = broker.admin().describeCluster().clusterId().get();
        var topicId = broker.topics().describe(topic).topicId();
        sql("WITH met AS (INSERT INTO cluster (kafka_id, name) VALUES ('" + id + "', 'default')"
                + " ON CONFLICT ON CONSTRAINT cluster_is_known_once DO UPDATE SET name = excluded.name RETURNING id),"
                + " read AS (INSERT INTO dead_letter_topic (cluster_id, name, topic_id) SELECT id, '" + topic + "', '"
                + new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits())
                + "' FROM met RETURNING id)"
                + " INSERT INTO ingest_position (topic_ref, kafka_partition, next_offset, leader_epoch)"
                + " SELECT id, " + partition + ", " + next + ", -1 FROM read");
    }

    /** Records that were read and were there before. */
    double duplicates() {
        return metrics.find("redrive.ingest.records").tag("result", "duplicate").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    void produce(int partition, long timestamp, String value) {
        broker.topics().produce(new ProducerRecord<>(topic, partition, timestamp, "key".getBytes(), value.getBytes()));
    }

    /** From now on Kafka deletes what is older. */
    void keepFor(Duration time) throws Exception {
        var entry = new ConfigEntry("retention.ms", Long.toString(time.toMillis()));
        var change = Map.<ConfigResource, Collection<AlterConfigOp>>of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET)));
        broker.admin().incrementalAlterConfigs(change).all().get(10, TimeUnit.SECONDS);
    }

    /** The first offset that Kafka still has. */
    long start(int partition) throws Exception {
        var place = new TopicPartition(topic, partition);
        return broker.admin()
                .listOffsets(Map.of(place, OffsetSpec.earliest()))
                .partitionResult(place)
                .get(10, TimeUnit.SECONDS)
                .offset();
    }

    long number(String sql) throws Exception {
        return ApiServer.await(api.pool().query(sql).execute())
                .iterator()
                .next()
                .getLong(0);
    }

    long letters() throws Exception {
        return number("SELECT count(*) FROM dead_letter");
    }

    List<JsonObject> told() throws Exception {
        return ApiServer.await(api.pool()
                        .query("SELECT event, data FROM alert_delivery ORDER BY id")
                        .execute())
                .stream()
                .map(row -> new JsonObject(row.getString("data")).put("event", row.getString("event")))
                .toList();
    }

    HttpResponse<Buffer> post(String path, JsonObject body) throws Exception {
        return api.post(path, body, "Idempotency-Key", UUID.randomUUID().toString());
    }

    void sql(String sql) throws Exception {
        ApiServer.await(api.pool().query(sql).execute());
    }

    @Override
    public void close() throws Exception {
        api.close();
    }
}
