package dev.redrive.cluster;

import dev.redrive.Settings;
import dev.redrive.convention.TopicName;
import dev.redrive.http.ApiServer;
import dev.redrive.job.Jobs;
import dev.redrive.testkit.Broker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The routes of topics on a real broker and a database of their own. */
final class TopicWorld implements AutoCloseable {

    static final TopicNames NAMES = new TopicNames() {
        @Override
        public boolean isDeadLetterTopic(String topic, Set<String> topics) {
            return TopicName.judge(topic, topics).isDeadLetterByName();
        }

        @Override
        public boolean mayHoldDeadLetters(String topic, Set<String> topics) {
            var name = TopicName.judge(topic, topics);
            return name.isDeadLetterByName() || name.needsHeaders();
        }

        @Override
        public @Nullable String originOf(String topic, Set<String> topics) {
            var name = TopicName.judge(topic, topics);
            return name.verified() ? name.originTopic() : null;
        }

        @Override
        public TopicRole roleOf(String topic) {
            return TopicName.isInternal(topic)
                    ? TopicRole.INTERNAL
                    : TopicName.isRetry(topic) ? TopicRole.RETRY : TopicRole.ORDINARY;
        }
    };

    /** Somebody hears of everything. */
    static final Told TOLD = new Told() {
        @Override
        public Future<Answer> of(String deadLetterTopic, @Nullable String origin) {
            return Future.succeededFuture(Answer.YES);
        }

        @Override
        public Future<Boolean> isAnybodyThere() {
            return Future.succeededFuture(true);
        }
    };

    static final ReplayNeeds.Needs LANES = new ReplayNeeds.Needs("redrive.test.", 2, "__redrive.receipts", false);
    static final ReplayNeeds NEEDS = kafkaId -> Future.succeededFuture(LANES);

    final Broker broker;
    final ApiServer api;

    TopicWorld(Broker broker) throws Exception {
        this.broker = broker;
        var cluster = new Settings.Cluster(
                "default", "redrive", Map.of("bootstrap.servers", broker.bootstrapServers()), List.of(), List.of());
        // Bound on the event loop of the server, whose Vert.x closes what is opened here.
        this.api = ApiServer.with(pool -> routes -> {
            var vertx = Vertx.currentContext().owner();
            new TopicDesk(vertx, List.of(cluster), pool, pool, NAMES, TOLD, NEEDS)
                    .routes(new Jobs(vertx, pool, List.of(TopicDesk.rewinds())).orders())
                    .forEach(each -> each.bindTo(routes));
        });
        var id = broker.admin().describeCluster().clusterId().get(10, TimeUnit.SECONDS);
        ApiServer.await(api.pool()
                .query("INSERT INTO cluster (kafka_id, name) VALUES ('" + id + "', 'default')")
                .execute());
    }

    /** As if ingest had found it. */
    void reads(String topic) throws Exception {
        ApiServer.await(api.pool()
                .query("INSERT INTO dead_letter_topic (cluster_id, name, topic_id) SELECT id, '" + topic
                        + "', gen_random_uuid() FROM cluster")
                .execute());
    }

    /** As if letters of a consumer group lay there. */
    void failed(String deadLetterTopic, String group) throws Exception {
        ApiServer.await(api.pool()
                .query("INSERT INTO letter_kind (topic_ref, origin_group, convention) SELECT id, '" + group
                        + "', 'unknown' FROM dead_letter_topic WHERE name = '" + deadLetterTopic + "'")
                .execute());
    }

    /** As if letters of an origin lay there. */
    void lay(String deadLetterTopic, String origin) throws Exception {
        ApiServer.await(api.pool()
                .query(
                        "INSERT INTO failure_group (fingerprint, fingerprint_version, title, origin_topic, topic, convention,"
                                + " parts) VALUES (sha256('" + origin + "'), 1, 'E', '" + origin + "', '"
                                + deadLetterTopic
                                + "', 'unknown', '[]')")
                .execute());
    }

    /** As a Redrive that runs has left its marks: letters were read with its group, and a lane has opened. */
    void runs() throws Exception {
        broker.topics().createTopic("read.before", 1);
        var offsets = Map.of(new TopicPartition("read.before", 0), new OffsetAndMetadata(0));
        broker.admin().alterConsumerGroupOffsets("redrive", offsets).all().get(10, TimeUnit.SECONDS);
        try (var lane = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(), "transactional.id", LANES.prefix() + 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            lane.initTransactions();
        }
    }

    /** Asks for a topic with a key of its own. */
    io.vertx.ext.web.client.HttpResponse<io.vertx.core.buffer.Buffer> create(JsonObject body) throws Exception {
        return api.post(
                "/api/v1/topics", body, "Idempotency-Key", UUID.randomUUID().toString());
    }

    @Override
    public void close() throws Exception {
        api.close();
    }
}
