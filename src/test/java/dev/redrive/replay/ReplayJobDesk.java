package dev.redrive.replay;

import dev.redrive.Settings;
import dev.redrive.http.ApiServer;
import dev.redrive.job.Jobs;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.transform.Transforms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Jobs that replay, with API, lanes and outcomes, on a database of their own. */
final class ReplayJobDesk implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LANES = 2;

    private final Vertx vertx = Vertx.vertx();
    private final Transforms transforms = new Transforms(vertx);
    private final TargetCluster cluster;
    private final List<Jobs> jobs = new ArrayList<>();
    /** Of the jobs; those of lanes and outcomes are in the rig. */
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    final ApiServer api;
    final ReplayRig rig;

    ReplayJobDesk() throws Exception {
        this(Duration.ofSeconds(5));
    }

    /** @param lease of the lanes of every process on this desk */
    ReplayJobDesk(Duration lease) throws Exception {
        var kafka = new Settings.Cluster(
                ReplayRig.CLUSTER,
                "redrive",
                Map.of("bootstrap.servers", Broker.shared().bootstrapServers()),
                List.of(),
                List.of());
        cluster = new TargetCluster(
                vertx, new KafkaClients(kafka), new Settings.Replay(LANES, ReplayRig.MAX_ATTEMPTS, PATIENCE));
        api = ApiServer.with(pool -> {
            var made = new Jobs(
                    vertx,
                    pool,
                    List.of(new ReplayWork(
                            Map.of(ReplayRig.CLUSTER, cluster),
                            LANES,
                            ReplayRig.MAX_ATTEMPTS,
                            ReplayRig.WINDOW,
                            transforms,
                            new ReplayMetrics(metrics))));
            jobs.add(made);
            var previews = new Previews(pool, Map.of(ReplayRig.CLUSTER, cluster), ReplayRig.MAX_ATTEMPTS);
            return routes -> {
                made.routes().forEach(each -> each.bindTo(routes));
                new PreviewRoutes(previews, transforms, new TransformPreview(vertx, pool, new Transforming(transforms)))
                        .bindTo(routes);
            };
        });
        rig = ReplayRig.on(Broker.shared(), api.databaseUrl(), lease, LANES);
    }

    /** Gathers and lets go; until then jobs are only ordered. */
    ReplayJobDesk work() throws Exception {
        for (var each : jobs) {
            each.deploy(new SimpleMeterRegistry()).await(20, TimeUnit.SECONDS);
        }
        return this;
    }

    /** Sends and finds out what becomes of it. */
    ReplayJobDesk serve() {
        rig.serve();
        ReplayRig.await(rig.vertx.deployVerticle(
                new OutcomeVerticle(Map.of(ReplayRig.CLUSTER, rig.cluster), rig.pool, rig.metrics)));
        return this;
    }

    JsonObject select(String q) throws Exception {
        var answer = api.post("/api/v1/selections", new JsonObject().put("q", q));
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.bodyAsString());
        }
        return answer.bodyAsJsonObject();
    }

    JsonObject select(List<Long> ids) throws Exception {
        var letters = new JsonArray(ids.stream().map(String::valueOf).toList());
        return api.post("/api/v1/selections", new JsonObject().put("ids", letters))
                .bodyAsJsonObject();
    }

    HttpResponse<Buffer> order(JsonObject selection, JsonObject options, String key) throws Exception {
        return api.post(
                "/api/v1/jobs",
                new JsonObject()
                        .put("type", "replay")
                        .put("selectionId", selection.getString("id"))
                        .put("expectedCount", selection.getJsonObject("count").getLong("value"))
                        .put("reason", "INC-4711")
                        .put("options", options),
                "Idempotency-Key",
                key);
    }

    JsonObject order(JsonObject selection, JsonObject options) throws Exception {
        var answer = order(selection, options, UUID.randomUUID().toString());
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + " " + answer.bodyAsString());
        }
        return answer.bodyAsJsonObject();
    }

    JsonObject job(JsonObject ordered) throws Exception {
        return api.json("/api/v1/jobs/" + ordered.getString("id"));
    }

    JsonObject await(JsonObject ordered, String what, Predicate<JsonObject> condition) {
        return Eventually.value(PATIENCE, what, () -> Optional.of(job(ordered)).filter(condition));
    }

    JsonObject ended(JsonObject ordered) {
        return await(
                ordered,
                "the end of the job",
                job -> !List.of("scheduled", "running", "paused").contains(job.getString("state")));
    }

    JsonObject paused(JsonObject ordered) {
        return await(
                ordered, "the job to be held", job -> job.getString("state").equals("paused"));
    }

    JsonObject tell(JsonObject ordered, String control) throws Exception {
        var answer = api.post("/api/v1/jobs/" + ordered.getString("id") + "/" + control, new JsonObject());
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.bodyAsString());
        }
        return answer.bodyAsJsonObject();
    }

    HttpResponse<Buffer> change(JsonObject ordered, String version, JsonObject options) throws Exception {
        return api.send(
                HttpMethod.PATCH,
                "/api/v1/jobs/" + ordered.getString("id"),
                new JsonObject().put("options", options).toBuffer(),
                "Content-Type",
                "application/json",
                "If-Match",
                version);
    }

    List<JsonObject> items(JsonObject ordered, String result) throws Exception {
        return api
                .json("/api/v1/jobs/" + ordered.getString("id") + "/items?limit=500&result=" + result)
                .getJsonArray("items")
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** The consumer group has read everything up to there. */
    void commit(String group, String topic, int partition, long offset) throws Exception {
        rig.broker
                .admin()
                .alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    /** A letter from partition 0 of its origin. */
    static LetterRows.Letter letter(String topic, @Nullable String key, long offset, String value) {
        return new LetterRows.Letter(topic).content(key, value).origin(0, offset);
    }

    /** How many letters of a job are sent and have no outcome yet. */
    static long sent(JsonObject job) {
        return Objects.requireNonNullElse(job.getJsonObject("counters").getLong("sent"), 0L);
    }

    long count(String from) {
        return rig.row("SELECT count(*) AS n FROM " + from).getLong("n");
    }

    @Override
    public void close() throws Exception {
        transforms.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
        rig.close();
        api.close();
    }
}
