package dev.redrive.cluster;

import static java.util.stream.Collectors.groupingBy;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A consumer group and one topic it reads: what people are told of, never a single partition.
 *
 * @param partitions one or more, the worst first
 */
record GroupLag(Key key, List<ConsumerLag> partitions) {

    record Key(String group, String topic) {}

    private static final Comparator<ConsumerLag> WORST = Comparator.comparing(ConsumerLag::state)
            .thenComparingLong(ConsumerLag::lag)
            .reversed()
            .thenComparing(lag -> lag.place().partition());

    static List<GroupLag> of(Collection<ConsumerLag> lags) {
        Map<Key, List<ConsumerLag>> byKey = lags.stream()
                .collect(groupingBy(
                        lag -> new Key(lag.place().group(), lag.place().topic())));
        return byKey.entrySet().stream()
                .map(entry -> new GroupLag(
                        entry.getKey(), entry.getValue().stream().sorted(WORST).toList()))
                .sorted(Comparator.comparing((GroupLag lag) -> lag.key().group())
                        .thenComparing(lag -> lag.key().topic()))
                .toList();
    }

    LagState state() {
        return partitions.get(0).state();
    }

    /** Since when it is as bad as that. */
    Instant since() {
        return partitions.stream()
                .filter(lag -> lag.state() == state())
                .map(ConsumerLag::since)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    long lag() {
        return partitions.stream().mapToLong(ConsumerLag::lag).sum();
    }
}
