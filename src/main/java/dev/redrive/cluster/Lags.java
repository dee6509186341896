package dev.redrive.cluster;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far we are behind the ends of the dead-letter topics, as it was measured last. Any thread may ask. */
@FunctionalInterface
public interface Lags {

    /**
     * @param cluster Kafka's id of it; a topic is the one that exists now, not an older one of its name
     * @param records not stored yet, 0 or more
     * @param since when the oldest of them was written or first seen; null without lag
     */
    record PartitionLag(
            String cluster,
            String topic,
            int partition,
            long records,
            @Nullable Instant since) {}

    /** Empty while no cluster has answered yet; a cluster that does not answer any more keeps what it said last. */
    List<PartitionLag> partitions();
}
