package dev.redrive.ingest;

import dev.redrive.Backoff;
import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.convention.Conventions;
import dev.redrive.grouping.NewGroupListener;
import dev.redrive.kafka.KafkaClients;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest of one cluster: finds its dead-letter topics and reads them. Deployed at once, whether Kafka answers or
 * not; undeployed it lets batches in hand finish and leaves the group within 10 s.
 */
public final class Ingest extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(Ingest.class);

    private final Settings.Ingest settings;
    private final KafkaClients clients;
    private final IngestStore store;
    private final TopicStore topicStore;
    private final IngestMetrics metrics;
    private final Progress progress;
    private final TopicList topics = new TopicList();
    private final IngestStatus status = new IngestStatus();
    private @Nullable Admin admin;
    private boolean stopping;

    /**
     * @param pool owned by the caller, who closes it after this was undeployed
     * @param progress told of each turn in which what was read is stored
     * @param newGroups told in the transaction of the letters, {@code gaps} in that of the gap
     */
    public Ingest(
            Settings.Ingest settings,
            KafkaClients clients,
            Pool pool,
            NewGroupListener newGroups,
            GapListener gaps,
            MeterRegistry registry,
            Progress progress) {
        this.settings = settings;
        this.clients = clients;
        this.store = new IngestStore(pool, newGroups, gaps);
        this.topicStore = new TopicStore(pool);
        this.metrics = new IngestMetrics(registry, clients.cluster().name());
        this.progress = progress;
    }

    /** Any thread may read it, from before the deployment on. */
    public IngestStatus status() {
        return status;
    }

    @Override
    public Future<?> start() {
        begin(new Backoff(), loop());
        return Future.succeededFuture();
    }

    /** The verticles deployed from here were stopped before. */
    @Override
    public Future<?> stop() {
        stopping = true;
        metrics.gone();
        var open = admin;
        return open == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> {
                    open.close(Duration.ofSeconds(2));
                    return null;
                });
    }

    private Progress.Loop loop() {
        return progress.loop("ingest of " + clients.cluster().name());
    }

    /** @param waiting ends when the readers are there, which have loops of their own */
    private void begin(Backoff backoff, Progress.Loop waiting) {
        connected().onSuccess(deployed -> waiting.ended()).onFailure(failure -> {
            long millis = backoff.next().toMillis();
            log.warn(
                    "Ingest of {} waits for Kafka and Postgres: {}",
                    clients.cluster().name(),
                    failure.toString());
            if (!stopping) {
                vertx.setTimer(millis, again -> begin(backoff, waiting));
            }
        });
    }

    /** The admin client asks a name server when it is made, hence off the event loop. */
    private Future<Void> connected() {
        Future<Admin> connection =
                admin == null ? vertx.executeBlocking(clients::admin) : Future.succeededFuture(admin);
        return connection.onSuccess(opened -> admin = opened).compose(opened -> {
            var cluster = new ClusterTopics(opened);
            return cluster.clusterId()
                    .compose(id -> topicStore.met(id, clients.cluster().name()).compose(known -> deploy(id, cluster)));
        });
    }

    private Future<Void> deploy(String id, ClusterTopics cluster) {
        if (stopping) {
            return Future.succeededFuture();
        }
        var conventions = Conventions.standard();
        var deployed = new ArrayList<Future<?>>();
        deployed.add(vertx.deployVerticle(new DiscoveryVerticle(
                id,
                settings.discoveryInterval(),
                cluster,
                topicStore,
                topics,
                status,
                metrics,
                loop -> new Discovery(loop, clients.cluster(), cluster, new Sampler(clients, conventions)))));
        for (int i = 0; i < settings.instances(); i++) {
            var intake = new Intake(id, settings.maxBodyBytes(), conventions, topics, Clock.systemUTC());
            deployed.add(vertx.deployVerticle(new IngestVerticle(
                    clients,
                    topics,
                    cluster,
                    new Opening(id, cluster, topicStore, store),
                    new BatchWriter(vertx, store, intake, metrics),
                    status,
                    loop())));
        }
        return Future.all(deployed).mapEmpty();
    }
}
