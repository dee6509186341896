package dev.redrive.cluster;

import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * The dead-letter topics of one cluster, as they are now.
 *
 * @param partitions those that exist and that ingest has a position in
 * @param topics their settings
 * @param bytes size of the largest copy of a partition; missing where the cluster did not say
 */
record TopicLook(Map<TopicPartition, Log> partitions, Map<String, Kept> topics, Map<TopicPartition, Long> bytes) {

    /**
     * @param start first offset there is
     * @param stable the offset up to which readers of committed records get; {@code end} that of the next record
     * @param position the offset that ingest reads next
     */
    record Log(long start, long stable, long end, long position) {
        long lag() {
            return Math.max(0, end - Math.max(start, position));
        }
    }

    /** How long a topic keeps records; empty where there is no such bound. */
    record Kept(OptionalLong retentionMs, OptionalLong retentionBytes) {
        static final Kept FOR_EVER = new Kept(OptionalLong.empty(), OptionalLong.empty());
    }

    TopicLook {
        partitions = Map.copyOf(partitions);
        topics = Map.copyOf(topics);
        bytes = Map.copyOf(bytes);
    }

    Kept kept(String topic) {
        return topics.getOrDefault(topic, Kept.FOR_EVER);
    }

    /** The size of what is unread of a partition, if all of its records are equally large. */
    OptionalLong unreadBytes(TopicPartition partition) {
        var log = partitions.get(partition);
        var size = bytes.get(partition);
        if (log == null || size == null || log.end() <= log.start()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((long) ((double) size * log.lag() / (log.end() - log.start())));
    }
}
