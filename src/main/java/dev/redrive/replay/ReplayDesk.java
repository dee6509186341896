package dev.redrive.replay;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Routes;
import dev.redrive.job.Work;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.postgres.Database;
import dev.redrive.transform.Transforms;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The feature as the rest of the product sees it: the verticles that send and watch, and the routes that ask them to. */
public final class ReplayDesk {

    private final Vertx vertx;
    private final Settings settings;
    private final Pool pool;
    private final ReplayMetrics metrics;
    private final Progress progress;
    private final Transforms transforms;
    private final HoldListener holds;
    private final Map<String, TargetCluster> clusters = new LinkedHashMap<>();

    /**
     * Has Kafka clients of its own; Kafka need not be there yet, nor its brokers' names.
     *
     * @param pool for writing; the caller closes it
     * @param progress told of the lanes' turns
     * @param holds told of lanes that wait for a person
     */
    public ReplayDesk(
            Vertx vertx, Settings settings, Pool pool, MeterRegistry registry, Progress progress, HoldListener holds) {
        this.vertx = vertx;
        this.settings = settings;
        this.pool = pool;
        this.metrics = new ReplayMetrics(registry);
        this.progress = progress;
        this.transforms = new Transforms(vertx);
        this.holds = holds;
        settings.clusters()
                .forEach(cluster -> clusters.put(
                        cluster.name(), new TargetCluster(vertx, new KafkaClients(cluster), settings.replay())));
    }

    /** Done when every lane has begun to look for its lease; whether it can serve shows later. */
    public Future<Void> deploy() {
        List<Future<String>> deployed = new ArrayList<>();
        deployed.add(vertx.deployVerticle(new LaneBell(new Database(settings.database()))));
        for (var cluster : clusters.values()) {
            var lanes = new Lanes(cluster, pool, settings.outcomeWindow(), holds, metrics);
            for (int lane = 0; lane < settings.replay().lanes(); lane++) {
                deployed.add(vertx.deployVerticle(
                        new ReplayVerticle(lanes, lane, progress.loop("replay to " + cluster.name()))));
            }
        }
        deployed.add(vertx.deployVerticle(new OutcomeVerticle(clusters, pool, metrics)));
        return Future.all(deployed).mapEmpty();
    }

    /** Drafts, checks, replays and source records. */
    public List<Routes> routes(Idempotency idempotency) {
        var store = new ReplayStore(pool);
        var plans = new ReplayPlans(pool, clusters);
        var replays = new Replays(
                pool, plans, settings.replay().lanes(), settings.replay().maxAttempts(), metrics);
        return List.of(
                new DraftRoutes(vertx, plans, new DraftStore(pool), new Drafts(pool)),
                new CheckRoutes(
                        plans,
                        new Checks(plans, new TopicReaders(), settings.replay().maxAttempts())),
                new ReplayRoutes(replays, store, idempotency, new ReplayWait(vertx, store)),
                new LaneRoutes(new LaneDeskStore(pool), new AuditStore(pool), idempotency),
                new ClusterRoutes(new ClusterStore(pool), clusters),
                new PreviewRoutes(
                        new Previews(pool, clusters, settings.replay().maxAttempts()),
                        transforms,
                        new TransformPreview(vertx, pool, new Transforming(transforms))));
    }

    /** Replays of many letters at once. */
    public Work work() {
        return new ReplayWork(
                clusters,
                settings.replay().lanes(),
                settings.replay().maxAttempts(),
                settings.outcomeWindow(),
                transforms,
                metrics);
    }

    /**
     * What lanes write with at one cluster.
     *
     * @param transactionalIds what they begin with; the number of a lane from 0 follows
     * @param receipts name of the topic
     * @param fallback whether lanes send without transactions there
     */
    public record Needs(String transactionalIds, int lanes, String receipts, boolean fallback) {}

    /** @param kafkaId Kafka's own id of the cluster, which need not be known here */
    public Future<Needs> needs(String kafkaId) {
        return new LaneStore(pool)
                .needs(kafkaId)
                .map(row -> new Needs(
                        LaneId.prefix(row.getUUID("install"), kafkaId),
                        settings.replay().lanes(),
                        Receipts.TOPIC,
                        row.getBoolean("fallback")));
    }

    /** Fails while a cluster does not answer: replays wait then, letters can still be read. */
    public Future<?> reachable() {
        return Future.all(clusters.values().stream().map(TargetCluster::kafkaId).toList());
    }

    /** After the verticles, which use them. */
    public Future<Void> close() {
        var closed = new ArrayList<Future<?>>(
                clusters.values().stream().map(TargetCluster::close).toList());
        closed.add(transforms.close());
        return Future.join(closed).mapEmpty();
    }
}
