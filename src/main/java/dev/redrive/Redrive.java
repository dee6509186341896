package dev.redrive;

import dev.redrive.alert.Alerts;
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
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole product in one object: builds the parts by hand and in order, and stops them in the reverse order. */
public final class Redrive {

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final Duration MIGRATION_RETRY = Duration.ofSeconds(2);

    private final Settings settings;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx;

    public Redrive(Settings settings) {
        this.settings = settings;
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setMetricsOptions(
                                new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();
    }

    /** Done when the UI answers. Waits for Postgres as long as it takes; Kafka may come later. */
    public Future<Void> start() {
        return migrate().compose(migrated -> deploy());
    }

    /** Readers first, so that what is in hand is finished; connections last. */
    public Future<Void> stop() {
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
        var pool = new Database(settings.database()).open(vertx);
        var alerts = new Alerts(settings, pool);
        var replays = new ReplayDesk(vertx, settings, pool);
        // Alerts before readers: an event is written for the endpoints that are known.
        return alerts.deploy(vertx)
                .compose(deployed -> replays.deploy())
                .onSuccess(deployed ->
                        log.info("Redrive is ready on {}", settings.http().publicUrl()));
    }
}
