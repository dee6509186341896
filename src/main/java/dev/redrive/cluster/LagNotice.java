package dev.redrive.cluster;

import java.time.Instant;
import java.util.List;

/**
 * What there is to tell of a consumer group that does not get on with a topic, or gets on again.
 *
 * @param episode number of the episode; it fires once and is resolved once
 * @param resolved whether it is over; the figures are then those at its end
 * @param cluster the name that the settings give it
 * @param lag records of all partitions
 * @param state the worst of its partitions: {@code ok}, {@code warn}, {@code rewind}, {@code stall} or {@code stop}
 * @param since when that state began
 * @param firedAt when the episode began
 * @param partitions the worst ones, the worst first; 5 at most
 */
public record LagNotice(
        long episode,
        boolean resolved,
        String cluster,
        String group,
        String topic,
        long lag,
        String state,
        Instant since,
        Instant firedAt,
        List<Partition> partitions) {

    public LagNotice {
        partitions = List.copyOf(partitions);
    }

    /** @param committed the offset that the group reads next */
    public record Partition(int partition, long committed, long lag, String state) {}
}
