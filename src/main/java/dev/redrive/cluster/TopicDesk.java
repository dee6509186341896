package dev.redrive.cluster;

import dev.redrive.Settings;
import dev.redrive.audit.AuditStore;
import dev.redrive.cluster.TopicWatchVerticle.Pace;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Routes;
import dev.redrive.job.JobOrders;
import dev.redrive.job.Work;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The making of topics and their readiness, as the rest of the product sees them. */
public final class TopicDesk {

    private final Vertx vertx;
    private final TopicNames names;
    private final TopicClusters clusters;
    private final TopicCreation creation;
    private final ReadinessSampler sampler;
    private final ReadinessDesk readiness;
    private final Idempotency idempotency;
    private final QuarantineDesk quarantine;
    private final Map<String, NextRecords> records = new HashMap<>();
    private final Pool pool;
    private final Clock clock = Clock.systemUTC();

    /**
     * Has Kafka clients of its own; Kafka need not be there yet, nor its brokers' names.
     *
     * @param pool for writing, {@code reading} for lists; the caller closes them
     * @param told whether somebody hears of the letters of a topic
     * @param needs what replays write with
     */
    public TopicDesk(
            Vertx vertx,
            List<Settings.Cluster> settings,
            Pool pool,
            Pool reading,
            TopicNames names,
            Told told,
            ReplayNeeds needs) {
        var byName = new LinkedHashMap<String, TopicCluster>();
        settings.forEach(cluster -> byName.put(cluster.name(), new TopicCluster(vertx, new KafkaClients(cluster))));
        this.pool = pool;
        this.vertx = vertx;
        this.names = names;
        this.clusters = new TopicClusters(byName);
        this.creation = new TopicCreation(clusters, names, new AuditStore(pool));
        this.sampler = new ReadinessSampler(vertx);
        var stored = new ReadinessStore(reading);
        var rights = new ReadinessRightsReader(needs, stored);
        var reader = new ReadinessReader(names, stored, sampler, rights, told, clock);
        this.readiness = new ReadinessDesk(vertx, clusters, reader, clock);
        this.idempotency = new Idempotency(pool);
        this.quarantine = quarantine(pool, new DeadLetterTopicOf(names, stored));
    }

    private QuarantineDesk quarantine(Pool pool, DeadLetterTopicOf deadLetters) {
        var tools = new HashMap<String, QuarantineDesk.Tool>();
        var store = new QuarantineStore(pool);
        for (var cluster : clusters.all()) {
            var next = new NextRecords(vertx, cluster.clients());
            records.put(cluster.settings().name(), next);
            tools.put(
                    cluster.settings().name(),
                    new QuarantineDesk.Tool(
                            new QuarantineReader(deadLetters, next, store),
                            new QuarantineCopier(vertx, cluster.clients())));
        }
        return new QuarantineDesk(
                clusters,
                store,
                idempotency,
                new AuditStore(pool),
                name -> Objects.requireNonNull(tools.get(name), name));
    }

    /** Reads topics again, as {@link #routes} order it. */
    public static Work rewinds() {
        return new RewindWork();
    }

    /** @param orders of jobs, which know {@link #rewinds} */
    public List<Routes> routes(JobOrders orders) {
        return List.of(
                new TopicCreationRoutes(creation, idempotency),
                new ReadinessRoutes(readiness),
                new QuarantineRoutes(quarantine),
                new ReadingRoutes(clusters, new ReadingStore(pool), idempotency, new AuditStore(pool)),
                new RewindRoutes(clusters, new RewindStore(pool), idempotency, new AuditStore(pool), orders));
    }

    /** Begins to watch the dead-letter topics of every cluster. @param listener is told what is wrong, and when it is over */
    public Future<?> watch(TopicListener listener) {
        return watch(listener, Pace.STANDARD);
    }

    Future<?> watch(TopicListener listener, Pace pace) {
        var deployed = new ArrayList<Future<?>>();
        for (var cluster : clusters.all()) {
            var name = cluster.settings().name();
            deployed.add(vertx.deployVerticle(new TopicWatchVerticle(
                    cluster,
                    Objects.requireNonNull(records.get(name), name),
                    names,
                    new TopicWatchStore(pool),
                    new TopicEpisodes(listener, name),
                    readiness,
                    clock,
                    pace)));
        }
        return Future.all(deployed);
    }

    /** For lists. */
    public ReadinessLookup lately() {
        return (cluster, topic, id) -> {
            var found = readiness.lately(cluster, topic);
            return found == null || !found.topicId().equals(id) ? null : found.summary();
        };
    }

    /** After the servers, which use it. */
    public Future<Void> close() {
        var closed = new ArrayList<Future<Void>>();
        clusters.all().forEach(cluster -> closed.add(cluster.close()));
        records.values().forEach(reader -> closed.add(reader.close()));
        closed.add(sampler.close());
        return Future.join(closed).mapEmpty();
    }
}
