package dev.redrive.cluster;

import static dev.redrive.cluster.TopicState.CLEANUP;
import static dev.redrive.cluster.TopicState.MESSAGE_BYTES;
import static dev.redrive.cluster.TopicState.MIN_ISR;
import static dev.redrive.cluster.TopicState.RETENTION_BYTES;
import static dev.redrive.cluster.TopicState.RETENTION_MS;
import static dev.redrive.cluster.TopicState.UNCLEAN;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic as somebody wants to make it.
 *
 * @param configs settings by Kafka's names, in their order; the broker's defaults count for all others
 * @param origin the topic whose dead letters it is to hold; null for any other topic
 */
record TopicPlan(
        String name,
        int partitions,
        int replicationFactor,
        SortedMap<String, String> configs,
        @Nullable String origin) {

    /** Stack traces and coordinates that a framework adds to a record that failed. */
    static final long HEADER_ROOM = 64 << 10;

    static final Duration LETTERS_KEPT = Duration.ofDays(14);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final int PARTITIONS = 3;
    private static final int REPLICAS = 3;
    private static final long KAFKAS_MESSAGE_BYTES = 1_048_588;

    TopicPlan {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
    }

    /**
     * What we would make, in full.
     *
     * @param origin as it is now; null where it is no dead-letter topic, or the origin is not known
     */
    static TopicPlan recommended(String name, int brokers, @Nullable TopicState origin, boolean holdsLetters) {
        int replicas = Math.max(1, Math.min(REPLICAS, brokers));
        var configs = new TreeMap<String, String>();
        configs.put(CLEANUP, "delete");
        configs.put("compression.type", "producer");
        configs.put(MESSAGE_BYTES, Long.toString(messageBytes(origin)));
        configs.put(MIN_ISR, replicas >= REPLICAS ? "2" : "1");
        configs.put(RETENTION_BYTES, "-1");
        configs.put(RETENTION_MS, Long.toString(retention(origin, holdsLetters)));
        configs.put("segment.bytes", Integer.toString(1 << 30));
        configs.put(UNCLEAN, "false");
        return new TopicPlan(
                name,
                origin == null ? PARTITIONS : origin.partitions(),
                replicas,
                configs,
                origin == null ? null : origin.name());
    }

    private static long messageBytes(@Nullable TopicState origin) {
        return origin == null
                ? KAFKAS_MESSAGE_BYTES
                : Math.min(Integer.MAX_VALUE, origin.number(MESSAGE_BYTES).orElse(KAFKAS_MESSAGE_BYTES) + HEADER_ROOM);
    }

    private static long retention(@Nullable TopicState origin, boolean holdsLetters) {
        long least = (holdsLetters ? LETTERS_KEPT : KEPT).toMillis();
        return origin == null ? least : Math.max(least, origin.keptMillis());
    }

    /** The same with what was asked for instead. */
    TopicPlan with(@Nullable Integer partitions, @Nullable Integer replicationFactor, Map<String, String> asked) {
        int replicas = replicationFactor == null ? this.replicationFactor : replicationFactor;
        var merged = new TreeMap<>(configs);
        if (replicas != this.replicationFactor) {
            merged.put(MIN_ISR, replicas >= REPLICAS ? "2" : "1");
        }
        merged.putAll(asked);
        return new TopicPlan(name, partitions == null ? this.partitions : partitions, replicas, merged, origin);
    }
}
