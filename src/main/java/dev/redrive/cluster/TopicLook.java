package dev.redrive.cluster;

import dev.redrive.cluster.TopicNotice.End;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The dead-letter topics of one cluster, as they are now.
 *
 * @param partitions those that exist, that ingest reads, and that answered
 * @param silent those that did not, so that nothing can be said of them this time
 * @param gone names of topics that were read and do not exist any more, or not for us
 * @param topics settings of those that answered
 * @param bytes size of the largest copy of a partition; missing where the cluster did not say
 */
record TopicLook(
        Map<TopicPartition, Log> partitions,
        Set<TopicPartition> silent,
        Set<String> gone,
        Map<String, Kept> topics,
        Map<TopicPartition, Long> bytes) {

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
        silent = Set.copyOf(silent);
        gone = Set.copyOf(gone);
        topics = Map.copyOf(topics);
        bytes = Map.copyOf(bytes);
    }

    /**
     * @param looked whether it was found that nothing is wrong of what had been
     * @return why that is over; empty where it may go on
     */
    Optional<End> end(String topic, boolean looked) {
        if (gone.contains(topic)) {
            return Optional.of(End.GONE);
        }
        boolean read = topics.containsKey(topic)
                || silent.stream().anyMatch(partition -> partition.topic().equals(topic));
        if (!read) {
            return Optional.of(End.NOT_READ);
        }
        return looked ? Optional.of(End.WELL) : Optional.empty();
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
