package dev.redrive.alert;

import dev.redrive.BoundedLabel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What was told, for whoever scrapes it. Endpoints beyond the first 100 names share the label {@code other}. */
final class DeliveryMetrics {

    private static final int NAMES = 100;

    private final MeterRegistry registry;
    private final MultiGauge outbox;
    private final BoundedLabel names = new BoundedLabel(NAMES);

    DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.outbox = MultiGauge.builder("redrive.alert.outbox")
                .description("Deliveries that wait, and those that nobody tries again by itself")
                .register(registry);
    }

    void attempted(String endpoint, Outcome outcome) {
        var result = switch (outcome.state()) {
            case "pending" -> "retried";
            case "dead" -> outcome.switchedOff() != null ? "gone" : "dead";
            default -> outcome.state();
        };
        var webhook = names.of(endpoint);
        Counter.builder("redrive.alert.deliveries")
                .description("Attempts to tell an endpoint, by what came of them")
                .tags("webhook", webhook, "result", result)
                .register(registry)
                .increment();
        time(webhook, outcome.latency());
    }

    private void time(String webhook, Duration latency) {
        Timer.builder("redrive.alert.delivery.duration")
                .description("An attempt, from the connection to the answer")
                .tags("webhook", webhook)
                .register(registry)
                .record(latency);
    }

    /** @param byState deliveries that are {@code pending} and {@code dead} */
    void show(Map<String, Long> byState) {
        var rows = List.<MultiGauge.Row<?>>of(
                MultiGauge.Row.of(Tags.of("state", "pending"), byState.getOrDefault("pending", 0L)),
                MultiGauge.Row.of(Tags.of("state", "dead"), byState.getOrDefault("dead", 0L)));
        outbox.register(rows, true);
    }
}
