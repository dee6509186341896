package dev.redrive.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lag by consumer group and topic, from the process that measures it alone; the 200 largest lags have a row. */
final class ConsumerLagMetrics {

    private static final int MOST = 200;

    private final String cluster;
    private final MultiGauge lag;
    private final MultiGauge stuck;

    ConsumerLagMetrics(MeterRegistry registry, String cluster) {
        this.cluster = cluster;
        this.lag = MultiGauge.builder("redrive.consumer.lag.records")
                .description("Records of a topic that a consumer group has not read yet")
                .register(registry);
        this.stuck = MultiGauge.builder("redrive.consumer.stuck.partitions")
                .description("Partitions of a topic whose consumer group does not get on")
                .register(registry);
    }

    /** Replaces what was shown before. */
    void show(List<GroupLag> groups) {
        var lags = new ArrayList<MultiGauge.Row<?>>();
        var stucks = new ArrayList<MultiGauge.Row<?>>();
        groups.stream()
                .sorted(Comparator.comparingLong(GroupLag::lag).reversed())
                .limit(MOST)
                .forEach(group -> {
                    var tags = Tags.of(
                            "cluster", cluster,
                            "consumer_group", group.key().group(),
                            "topic", group.key().topic());
                    lags.add(MultiGauge.Row.of(tags, group.lag()));
                    stucks.add(MultiGauge.Row.of(
                            tags,
                            group.partitions().stream()
                                    .filter(partition -> partition.state().isStuck())
                                    .count()));
                });
        lag.register(lags, true);
        stuck.register(stucks, true);
    }
}
