package dev.redrive;

import dev.redrive.alert.Alerts;
import dev.redrive.alert.GapNotice;
import dev.redrive.alert.LaneNotice;
import dev.redrive.audit.AuditStore;
import dev.redrive.cluster.ClusterWatch;
import dev.redrive.cluster.Lags.PartitionLag;
import dev.redrive.cluster.NotRead;
import dev.redrive.cluster.ReplayNeeds;
import dev.redrive.cluster.TopicDesk;
import dev.redrive.cluster.TopicNames;
import dev.redrive.cluster.TopicRole;
import dev.redrive.cluster.TopicRoutes;
import dev.redrive.convention.TopicName;
import dev.redrive.grouping.GroupMergeRoutes;
import dev.redrive.grouping.GroupWorks;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ServerVersion;
import dev.redrive.ingest.GapListener;
import dev.redrive.ingest.Ingest;
import dev.redrive.job.Jobs;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.overview.DeskMetrics;
import dev.redrive.overview.OverviewRoutes;
import dev.redrive.postgres.Database;
import dev.redrive.postgres.Migrations;
import dev.redrive.replay.ReplayDesk;
import dev.redrive.retention.Retention;
import dev.redrive.transfer.ExportRoutes;
import dev.redrive.transfer.ImportRoutes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole product in one object: builds the parts by hand and in order, and stops them in the reverse order. */
public final class Redrive {

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final Duration START_RETRY = Duration.ofSeconds(2);
    private static final long MOST_MIGRATION_HOURS = 24;

    private final Settings settings;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx;
    private final HttpServers servers;
    private final Progress progress = new Progress();
    private final LastingFailure noDatabase = new LastingFailure(log, "Postgres is not ready, waiting for it");

    public Redrive(Settings settings) {
        this.settings = settings;
        metrics.config().meterFilter(new VertxMetricNames());
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setMetricsOptions(new MicrometerMetricsOptions()
                                .setEnabled(true)
                                .setJvmMetricsEnabled(true)
                                .addLabels(Label.HTTP_ROUTE)))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();
        this.servers = new HttpServers(vertx, settings);
        Gauge.builder("redrive.build.info", () -> 1)
                .description("1; the labels say what runs")
                .tags("version", ServerVersion.get(), "revision", ServerVersion.revision())
                .register(metrics);
    }

    /** Done when the UI answers. Waits for Postgres as long as it takes; Kafka and its brokers' names may come later. */
    public Future<Void> start() {
        return servers.manage(metrics).compose(managed -> migrate()).compose(migrated -> deploy());
    }

    /** Readers first, so that what is in hand is finished; connections last. */
    public Future<Void> stop() {
        servers.readiness().stopping();
        return vertx.close();
    }

    private Future<Void> migrate() {
        // By a worker of its own, of whom Vert.x does not complain when a large table takes minutes.
        var worker = vertx.createSharedWorkerExecutor("migrations", 1, MOST_MIGRATION_HOURS, TimeUnit.HOURS);
        return worker.<Integer>executeBlocking(() -> Migrations.run(settings.database()))
                .eventually(worker::close)
                .<Void>mapEmpty()
                .onSuccess(migrated -> noDatabase.over())
                .recover(failure -> {
                    noDatabase.tell(failure);
                    return vertx.timer(START_RETRY.toMillis()).compose(again -> migrate());
                });
    }

    private Future<Void> deploy() {
        settings.clusters().forEach(cluster -> new KafkaClients(cluster).check());
        var database = new Database(settings.database());
        var pool = database.open(vertx);
        var reading = database.openForReading(vertx);
        var alerts = new Alerts(settings, pool);
        WatchedWork.tell(alerts);
        var replays = new ReplayDesk(
                vertx,
                settings,
                pool,
                metrics,
                progress,
                (connection, hold) ->
                        alerts.tell(connection, new LaneNotice(hold.cluster(), hold.lane(), hold.fence(), hold.why())));
        var audit = new AuditStore(pool);
        var retention = new Retention(vertx, pool, audit);
        var watch = new ClusterWatch(
                vertx,
                settings.clusters().stream().map(KafkaClients::new).toList(),
                pool,
                new NamesOfTopics(),
                metrics);
        var works = new ArrayList<>(GroupWorks.all(vertx, audit));
        works.add(Retention.work());
        works.add(replays.work());
        works.add(TopicDesk.rewinds());
        var jobs = new Jobs(vertx, pool, works);
        var ingests = ingests(pool, alerts);
        var routes = new ArrayList<>(replays.routes(new Idempotency(pool)));
        routes.addAll(jobs.routes());
        routes.add(retention.routes(reading));
        routes.add(new GroupMergeRoutes(pool, audit, jobs.orders()));
        routes.add(new ExportRoutes(pool, reading, audit, Clock.systemUTC()));
        routes.add(new ImportRoutes(vertx, pool, audit, settings.ingest().maxBodyBytes()));
        routes.addAll(alerts.routes(vertx, reading));
        routes.add(new OverviewRoutes(reading, () -> lags(ingests)));
        var topics = new TopicDesk(
                vertx,
                settings.clusters(),
                pool,
                reading,
                new NamesOfTopics(),
                alerts.hears(),
                kafkaId -> replays.needs(kafkaId)
                        .map(needs -> new ReplayNeeds.Needs(
                                needs.transactionalIds(), needs.lanes(), needs.receipts(), needs.fallback())));
        routes.addAll(topics.routes(jobs.orders()));
        routes.add(new TopicRoutes(
                pool, reading, () -> lags(ingests), () -> notRead(ingests), topics.lately(), alerts.hears()));
        routes.add(watch.routes(reading));
        servers.readiness().watch("kafka", replays::reachable);
        // Alerts before readers: an event is written for the endpoints that are known.
        var parts = new Parts(
                () -> alerts.deploy(vertx, metrics, progress)
                        .compose(deployed -> replays.deploy())
                        .compose(deployed -> jobs.deploy(metrics))
                        .compose(deployed -> retention.deploy())
                        .compose(deployed -> watch.deploy())
                        .compose(deployed -> topics.watch(alerts.onTopics()))
                        .compose(deployed -> vertx.deployVerticle(new DeskMetrics(reading, metrics)))
                        .compose(deployed -> servers.serve(pool, reading, routes))
                        .compose(deployed -> Future.all(
                                ingests.stream().map(vertx::deployVerticle).toList())),
                () -> Future.join(replays.close(), topics.close(), watch.close()));
        return vertx.deployVerticle(parts)
                .onSuccess(deployed ->
                        log.info("Redrive is ready on {}", settings.http().publicUrl()))
                .mapEmpty();
    }

    /** The parent of every verticle that is deployed in its start; they have stopped when it closes what they used. */
    private static final class Parts extends VerticleBase {

        private final Supplier<Future<?>> deploy;
        private final Supplier<Future<?>> close;

        Parts(Supplier<Future<?>> deploy, Supplier<Future<?>> close) {
            this.deploy = deploy;
            this.close = close;
        }

        @Override
        public Future<?> start() {
            return deploy.get();
        }

        @Override
        public Future<?> stop() {
            return close.get();
        }
    }

    /** The cluster watch knows no convention. */
    private static final class NamesOfTopics implements TopicNames {

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
    }

    private List<Ingest> ingests(Pool pool, Alerts alerts) {
        GapListener gaps = (connection, gap) -> alerts.tell(
                connection,
                new GapNotice(
                        gap.id(),
                        gap.cluster(),
                        gap.topic(),
                        gap.partition(),
                        gap.from(),
                        gap.to(),
                        gap.cause().word()));
        return settings.clusters().stream()
                .map(cluster -> new Ingest(
                        settings.ingest(),
                        new KafkaClients(cluster),
                        pool,
                        alerts.onNewGroups(),
                        gaps,
                        metrics,
                        progress))
                .toList();
    }

    private static List<PartitionLag> lags(List<Ingest> ingests) {
        return ingests.stream()
                .flatMap(ingest -> ingest.status().partitions().stream())
                .map(read -> new PartitionLag(
                        read.cluster(), read.topic(), read.partition(), read.lag(), read.oldestUnread()))
                .toList();
    }

    private static List<NotRead> notRead(List<Ingest> ingests) {
        return ingests.stream()
                .flatMap(ingest -> ingest.status().notRead().stream())
                .map(topic -> new NotRead(topic.cluster(), topic.topic(), topic.why()))
                .toList();
    }
}
