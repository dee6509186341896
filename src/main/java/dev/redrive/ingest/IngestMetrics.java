package dev.redrive.ingest;

import dev.redrive.BoundedLabel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the ingest of one cluster did, for whoever scrapes it. Several share the registry of their process, and two
 * clusters may have topics of one name. Topics beyond the first 200 share the label {@code other}.
 */
final class IngestMetrics {

    private final MeterRegistry registry;
    private final Timer batches;
    private final Counter failures;
    private final MultiGauge lag;
    private final MultiGauge oldest;
    private final Counter unread;
    private final Counter refused;
    private final BoundedLabel topics = new BoundedLabel(BoundedLabel.TOPICS);

    /** @param cluster its name in the settings */
    IngestMetrics(MeterRegistry registry, String cluster) {
        this.registry = registry;
        this.batches = Timer.builder("redrive.ingest.batch.duration")
                .description("Reading a batch and storing it, retries counted apart")
                .register(registry);
        this.failures = Counter.builder("redrive.ingest.failures")
                .description("Batches that could not be stored and are tried again")
                .register(registry);
        this.unread = undecoded(registry, "convention");
        this.refused = undecoded(registry, "columns");
        this.lag = MultiGauge.builder("redrive.ingest.lag.records")
                .description("Records of dead-letter topics that are not stored yet")
                .tag("cluster", cluster)
                .register(registry);
        this.oldest = MultiGauge.builder("redrive.ingest.oldest.unread.seconds")
                .description("Age of the oldest record that is not stored yet")
                .tag("cluster", cluster)
                .register(registry);
    }

    private static Counter undecoded(MeterRegistry registry, String decoder) {
        return Counter.builder("redrive.decode.failures")
                .description("Letters of which less was read than they may say")
                .tags("decoder", decoder)
                .register(registry);
    }

    Timer.Sample startBatch() {
        return Timer.start(registry);
    }

    void endBatch(Timer.Sample sample) {
        sample.stop(batches);
    }

    void failed() {
        failures.increment();
    }

    /**
     * @param unread letters that no convention wrote that we know
     * @param refused letters of which Postgres refused what was read
     */
    void undecoded(long unread, long refused) {
        this.unread.increment(unread);
        this.refused.increment(refused);
    }

    /** @param form WHOLE, RAW or POINTER; {@code letters} of which {@code stored} were not there before */
    void stored(String topic, String form, int stored, int letters) {
        var result = switch (form) {
            case "RAW" -> "raw";
            case "POINTER" -> "pointer";
            default -> "stored";
        };
        count(topic, result, stored);
        count(topic, "duplicate", letters - stored);
    }

    private void count(String topic, String result, int records) {
        if (records > 0) {
            Counter.builder("redrive.ingest.records")
                    .description("Records read from dead-letter topics")
                    .tags("topic", topics.of(topic), "result", result)
                    .register(registry)
                    .increment(records);
        }
    }

    /** Replaces what was shown before, so that a topic that went away does too. */
    void show(Map<String, Long> lagByTopic, Map<String, Double> oldestByTopic) {
        lag.register(rows(lagByTopic), true);
        oldest.register(rows(oldestByTopic), true);
    }

    /** Nobody measures any more: what was shown last would be believed to be so still. */
    void gone() {
        show(Map.of(), Map.of());
    }

    private static List<MultiGauge.Row<?>> rows(Map<String, ? extends Number> values) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(BoundedLabel.TOPICS)
                .forEach(value -> rows.add(MultiGauge.Row.of(Tags.of("topic", value.getKey()), value.getValue())));
        return rows;
    }
}
