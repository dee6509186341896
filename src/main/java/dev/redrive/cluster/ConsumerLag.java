package dev.redrive.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer group has come in a partition, and since when.
 *
 * @param committed the offset that it reads next; where it never committed one, where it is taken to have begun
 * @param logEnd the offset that the next record gets
 * @param since when the state began
 * @param movedAt when the offset last moved or nothing was left to read
 * @param aliveAt when the group last had members or moved; null where that was never seen
 */
record ConsumerLag(
        Place place,
        long committed,
        long logEnd,
        LagState state,
        Instant since,
        Instant movedAt,
        @Nullable Instant aliveAt,
        Instant measuredAt) {

    record Place(String group, String topic, int partition) {}

    /** Nothing where the offset lies beyond the end. */
    long lag() {
        return Math.max(0, logEnd - committed);
    }
}
