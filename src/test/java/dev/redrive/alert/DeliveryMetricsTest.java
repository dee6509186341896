package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;

import dev.redrive.overview.DeskMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeliveryMetricsTest {

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    @DisplayName(
            "What was attempted stands beside what is stored, with a name of its own: two kinds of meter cannot share one")
    void attemptsStandBesideWhatIsStored() {
        outbox.add("settings", EndpointKind.WEBHOOK);
        outbox.tell("rule:1", "redrive.alert.firing");
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        vertx.deployVerticle(new DeskMetrics(outbox.pool, registry)).await();
        until(Duration.ofSeconds(10), () -> registry.scrape().contains("redrive_alert_events{state=\"pending\"} 1.0"));
        new DeliveryMetrics(registry).attempted("settings", Outcome.delivered(200));
        until(
                Duration.ofSeconds(10),
                () -> registry.scrape()
                        .contains("redrive_alert_deliveries_total{result=\"delivered\",webhook=\"settings\"} 1.0"));
    }
}
