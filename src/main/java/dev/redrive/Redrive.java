package dev.redrive;

import dev.redrive.alert.Alerts;
import dev.redrive.alert.GapNotice;
import dev.redrive.http.Idempotency;
import dev.redrive.ingest.GapListener;
import dev.redrive.ingest.Ingest;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.postgres.Database;
import dev.redrive.postgres.Migrations;
import dev.redrive.replay.ReplayDesk;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole product in one object: builds the parts by hand and in order, and stops them in the reverse order. */
public final class Redrive {

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final Duration MIGRATION_RETRY = Duration.ofSeconds(2);

    private final Settings settings;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx;
    private final HttpServers servers;

    public Redrive(Settings settings) {
        this.settings = settings;
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setMetricsOptions(
                                new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();
        this.servers = new HttpServers(vertx, settings);
    }

    /** Done when the UI answers. Waits for Postgres as long as it takes; Kafka may come later. */
    public Future<Void> start() {
        return servers.manage(metrics).compose(managed -> migrate()).compose(migrated -> deploy());
    }

    /** Readers first, so that what is in hand is finished; connections last. */
    public Future<Void> stop() {
        servers.readiness().stopping();
        return vertx.close();
    }

    private Future<Void> migrate() {
        return vertx.<Integer>executeBlocking(() -> Migrations.run(settings.database()))
                .<Void>mapEmpty()
                .recover(failure -> {
                    log.warn("Postgres is not ready, next try in {}: {}", MIGRATION_RETRY, failure.getMessage());
                    return vertx.timer(MIGRATION_RETRY.toMillis()).compose(again -> migrate());
                });
    }

    private Future<Void> deploy() {
        var database = new Database(settings.database());
        var pool = database.open(vertx);
        var reading = database.openForReading(vertx);
        var alerts = new Alerts(settings, pool);
        var replays = new ReplayDesk(vertx, settings, pool);
        var routes = new ArrayList<>(replays.routes(new Idempotency(pool)));
        routes.add(alerts.routes(reading));
        // Alerts before readers: an event is written for the endpoints that are known.
        return alerts.deploy(vertx)
                .compose(deployed -> replays.deploy())
                .compose(deployed -> servers.serve(pool, reading, routes))
                .compose(deployed -> read(pool, alerts))
                .onSuccess(deployed ->
                        log.info("Redrive is ready on {}", settings.http().publicUrl()));
    }

    private Future<Void> read(Pool pool, Alerts alerts) {
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
        var deployed = new ArrayList<Future<String>>();
        for (var cluster : settings.clusters()) {
            var clients = new KafkaClients(cluster);
            deployed.add(vertx.deployVerticle(
                    new Ingest(settings.ingest(), clients, pool, alerts.onNewGroups(), gaps, metrics)));
        }
        return Future.all(deployed).mapEmpty();
    }
}
