package dev.redrive.cluster;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Sizes from the log directories, growth from the offsets of the last day: bytes a record times records a millisecond. */
final class ReadinessDiskReader {

    private static final Duration DAY = Duration.ofDays(1);

    private final Clock clock;

    ReadinessDiskReader(Clock clock) {
        this.clock = clock;
    }

    private record Growth(double recordsPerMilli, long records, long spanMillis) {}

    Future<ReadinessDisk> measure(TopicCluster cluster, TopicState topic) {
        var partitions = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        var brokers = topic.replicas().stream().flatMap(List::stream).distinct().toList();
        long now = clock.millis();
        var dirs = cluster.logDirs(brokers);
        // Of the records whose bytes the log directories count.
        var starts = cluster.offsets(partitions, topic.isTiered() ? OffsetSpec.earliestLocal() : OffsetSpec.earliest());
        var ends = cluster.offsets(partitions, OffsetSpec.latest());
        var since = cluster.offsets(partitions, OffsetSpec.forTimestamp(now - DAY.toMillis()));
        return Future.all(dirs, starts, ends, since).map(known -> {
            var growth = new HashMap<TopicPartition, Growth>();
            for (var partition : partitions) {
                growth.put(
                        partition,
                        growth(
                                offset(starts.result(), partition),
                                offset(ends.result(), partition),
                                Objects.requireNonNull(since.result().get(partition)),
                                now));
            }
            long span =
                    growth.values().stream().mapToLong(Growth::spanMillis).max().orElse(0);
            return new ReadinessDisk(dirs(dirs.result(), growth), Duration.ofMillis(span));
        });
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition)).offset();
    }

    /** @param since the first record of the last day; its offset is -1 where there is none */
    private static Growth growth(long start, long end, ListOffsetsResultInfo since, long now) {
        long records = Math.max(0, end - start);
        if (since.offset() < 0) {
            // Nothing came for a day, which says as much as a day of records.
            return new Growth(0, records, DAY.toMillis());
        }
        long span = Math.max(1, Math.min(DAY.toMillis(), now - since.timestamp()));
        return new Growth((double) (end - since.offset()) / span, records, span);
    }

    private static List<ReadinessDisk.Dir> dirs(
            Map<Integer, Map<String, LogDirDescription>> brokers, Map<TopicPartition, Growth> growth) {
        var found = new ArrayList<ReadinessDisk.Dir>();
        brokers.forEach((broker, dirs) -> dirs.values().forEach(dir -> {
            var copies = new ArrayList<ReadinessDisk.Copy>();
            dir.replicaInfos().forEach((partition, replica) -> {
                var grows = growth.get(partition);
                if (grows != null) {
                    double each = grows.records() == 0 ? 0 : (double) replica.size() / grows.records();
                    copies.add(new ReadinessDisk.Copy(replica.size(), each * grows.recordsPerMilli()));
                }
            });
            if (!copies.isEmpty()) {
                found.add(new ReadinessDisk.Dir(broker, dir.usableBytes(), copies));
            }
        }));
        return found;
    }
}
