package dev.redrive.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer group gets on with a topic, as it was measured last.
 *
 * @param cluster the name that the settings give it
 * @param lag records of all partitions
 * @param state the worst of its partitions: {@code ok}, {@code warn}, {@code rewind}, {@code stall} or {@code stop}
 * @param since when that state began
 * @param stuckSince when the first of its stuck partitions last moved; null where none is stuck
 * @param aliveAt when the group last had members or moved; null where that was never seen
 * @param partitions the worst ones, the worst first; 5 at most
 */
public record ConsumerFigure(
        String cluster,
        String group,
        String topic,
        long lag,
        String state,
        Instant since,
        @Nullable Instant stuckSince,
        @Nullable Instant aliveAt,
        List<Partition> partitions) {

    /** A group without members that nobody has moved for so long is taken for abandoned. */
    private static final Duration ALIVE = Duration.ofHours(24);

    public ConsumerFigure {
        partitions = List.copyOf(partitions);
    }

    /** @param committed the offset that the group reads next */
    public record Partition(int partition, long committed, long lag, String state) {}

    public boolean isOk() {
        return state.equals(LagState.OK.word());
    }

    /** Whether a partition does not move though there is something to read, and somebody uses the group. */
    public boolean isStuck(Instant now) {
        return stuckSince != null && aliveAt != null && aliveAt.plus(ALIVE).isAfter(now);
    }
}
