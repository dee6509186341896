package dev.redrive.ingest;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a cluster's dead-letter topics have been read, whichever process reads them; at most some seconds old. Any
 * thread may ask.
 */
public final class IngestStatus {

    /**
     * @param nextOffset our position; null while the partition has none
     * @param endOffset the offset after the last that can be read
     * @param lag records between them at most; control records of transactions count as well
     * @param oldestUnread when the oldest record that is not stored was written, as far as this process knows: else since
     *     when it has seen the lag; null without lag
     * @param paused whether this process reads the partition and has stopped taking more, because too much is unstored
     */
    public record PartitionStatus(
            String cluster,
            String topic,
            int partition,
            @Nullable Long nextOffset,
            long endOffset,
            long lag,
            @Nullable Instant oldestUnread,
            boolean paused) {}

    /** @param cluster its name in the settings; {@code why} the end of a sentence */
    public record NotRead(String cluster, String topic, String why) {}

    private volatile List<NotRead> notRead = List.of();
    private final Map<Backlog, Set<String>> refused = new ConcurrentHashMap<>();
    private final Map<TopicPartition, PartitionStatus> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Instant> waitingSince = new ConcurrentHashMap<>();
    private final Set<TopicPartition> paused = ConcurrentHashMap.newKeySet();
    private final Map<Backlog, Integer> unstored = new ConcurrentHashMap<>();

    /** Ordered by topic and partition; empty until the cluster answered once. */
    public List<PartitionStatus> partitions() {
        return partitions.values().stream()
                .sorted(Comparator.comparing(PartitionStatus::topic).thenComparing(PartitionStatus::partition))
                .toList();
    }

    /** Topics that people may miss: no dead-letter topics to us, or not ours to read; by name. */
    public List<NotRead> notRead() {
        var mayNot = partitions().stream()
                .filter(partition -> refused.values().stream().anyMatch(topics -> topics.contains(partition.topic())))
                .map(partition -> new NotRead(partition.cluster(), partition.topic(), "no right to read it"))
                .distinct();
        return Stream.concat(notRead.stream(), mayNot)
                .sorted(Comparator.comparing(NotRead::topic))
                .toList();
    }

    /** @param topics of those that the reader with this backlog should read, those that it may not */
    void refuses(Backlog backlog, Set<String> topics) {
        refused.put(backlog, topics);
    }

    void leaves(String cluster, Map<String, String> reasons) {
        notRead = reasons.entrySet().stream()
                .map(reason -> new NotRead(cluster, reason.getKey(), reason.getValue()))
                .sorted(Comparator.comparing(NotRead::topic))
                .toList();
    }

    /** Records that this process has taken and not stored yet; bounded, see {@link Backlog}. */
    public int unstored() {
        return unstored.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** @param flowing those of the {@code assigned} from which more is taken */
    void flow(Set<TopicPartition> assigned, Set<TopicPartition> flowing, Backlog backlog) {
        unstored.put(backlog, backlog.records());
        for (var partition : assigned) {
            var oldest = flowing.contains(partition)
                    ? null
                    : backlog.oldest(partition).orElse(null);
            if (flowing.contains(partition)) {
                paused.remove(partition);
                waitingSince.remove(partition);
            } else {
                paused.add(partition);
                if (oldest != null) {
                    waitingSince.put(partition, oldest);
                }
            }
        }
    }

    void gone(Collection<TopicPartition> revoked) {
        paused.removeAll(revoked);
        revoked.forEach(waitingSince::remove);
    }

    /** Replaces everything that was known. */
    void show(String cluster, Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends, Instant now) {
        partitions.keySet().retainAll(ends.keySet());
        ends.forEach((partition, end) -> {
            var next = positions.get(partition);
            long lag = Math.max(0, end - (next == null ? 0 : next));
            var before = partitions.get(partition);
            var since = before == null || before.oldestUnread() == null ? now : before.oldestUnread();
            partitions.put(
                    partition,
                    new PartitionStatus(
                            cluster,
                            partition.topic(),
                            partition.partition(),
                            next,
                            end,
                            lag,
                            lag == 0 ? null : waitingSince.getOrDefault(partition, since),
                            paused.contains(partition)));
        });
    }
}
