package dev.redrive.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Since when the last stable offset of a partition rests while records lie behind it. That offset never goes back, so one
 * that is seen again has rested all the time, whoever looked meanwhile. Used on one context, one look at a time.
 */
final class RestingOffsets {

    private final Duration patience;
    private final Map<TopicPartition, Rest> resting = new HashMap<>();

    record Rest(long stable, Instant since) {}

    /** @param patience longer than an ordinary transaction takes, whose default timeout is 60 s */
    RestingOffsets(Duration patience) {
        this.patience = patience;
    }

    /** What is known from those who looked before, in this process or in another one. */
    void recall(Map<TopicPartition, Rest> before) {
        before.forEach(resting::putIfAbsent);
    }

    /** @return those that have rested for too long, by name; of a partition that did not answer nothing is forgotten */
    List<TopicPartition> look(TopicLook look, Instant now) {
        resting.keySet()
                .removeIf(partition -> !look.partitions().containsKey(partition)
                        && !look.silent().contains(partition));
        look.partitions().forEach((partition, log) -> {
            var before = resting.get(partition);
            if (log.end() <= log.stable()) {
                resting.remove(partition);
            } else if (before == null || before.stable() != log.stable()) {
                resting.put(partition, new Rest(log.stable(), now));
            }
        });
        return look.partitions().keySet().stream()
                .filter(partition -> {
                    var rest = resting.get(partition);
                    return rest != null && !rest.since().plus(patience).isAfter(now);
                })
                .sorted(Comparator.comparing(TopicPartition::toString))
                .toList();
    }

    @Nullable
    Instant since(TopicPartition partition) {
        var rest = resting.get(partition);
        return rest == null ? null : rest.since();
    }
}
