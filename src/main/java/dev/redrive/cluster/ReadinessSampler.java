package dev.redrive.cluster;

import dev.redrive.Sha256;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.letter.Header;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest records of a topic: 1,000 over all partitions, of each as many as is its part, and 5 s at most. Keeps a hash of each, never its bytes.
 * Blocks worker threads of its own.
 */
final class ReadinessSampler {

    private static final int MOST_RECORDS = 1_000;
    private static final Duration MOST_TIME = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LATELY = Duration.ofDays(1);

    private final WorkerExecutor workers;

    ReadinessSampler(Vertx vertx) {
        this.workers = vertx.createSharedWorkerExecutor("redrive-readiness", 2, 1, TimeUnit.MINUTES);
    }

    Future<ReadinessSample> sample(KafkaClients clients, TopicState topic) {
        return workers.executeBlocking(() -> read(clients, topic), false);
    }

    private static ReadinessSample read(KafkaClients clients, TopicState topic) {
        long deadline = System.nanoTime() + MOST_TIME.toNanos();
        var tally = new Tally();
        try (var reader = clients.reader("read_committed")) {
            var ends = seek(reader, topic);
            while (tally.records < MOST_RECORDS && System.nanoTime() < deadline && !isRead(reader, ends)) {
                for (var record : reader.poll(POLL)) {
                    if (tally.records == MOST_RECORDS || System.nanoTime() >= deadline) {
                        break;
                    }
                    // What came meanwhile is not in proportion.
                    if (record.offset()
                            < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                        tally.add(record);
                    }
                }
            }
        }
        return tally.toSample();
    }

    /** @return the ends of the partitions that hold anything */
    private static Map<TopicPartition, Long> seek(KafkaConsumer<byte[], byte[]> reader, TopicState topic) {
        int partitions = Math.min(topic.partitions(), MOST_RECORDS);
        var places = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        var starts = reader.beginningOffsets(places);
        var ends = new HashMap<>(reader.endOffsets(places));
        ends.entrySet().removeIf(end -> end.getValue() <= starts.getOrDefault(end.getKey(), 0L));
        reader.assign(ends.keySet());
        var lately = lately(reader, starts, ends);
        long all =
                Math.max(1, lately.values().stream().mapToLong(Long::longValue).sum());
        lately.forEach((partition, records) -> {
            long share = (long) Math.ceil((double) MOST_RECORDS * records / all);
            long end = ends.getOrDefault(partition, 0L);
            reader.seek(partition, Math.max(starts.getOrDefault(partition, 0L), end - share));
        });
        return ends;
    }

    /**
     * How many records of the last day each partition has, or of all its time where none of them has any. A key that is
     * hot fills one partition: were as many read of each, its part would look the smaller the more partitions there are.
     */
    private static Map<TopicPartition, Long> lately(
            KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        var asked = new HashMap<TopicPartition, Long>();
        long yesterday = System.currentTimeMillis() - LATELY.toMillis();
        ends.keySet().forEach(partition -> asked.put(partition, yesterday));
        var first = reader.offsetsForTimes(asked);
        var lately = new HashMap<TopicPartition, Long>();
        ends.forEach((partition, end) -> {
            var found = first.get(partition);
            lately.put(partition, found == null ? 0 : Math.max(0, end - found.offset()));
        });
        if (lately.values().stream().allMatch(records -> records == 0)) {
            ends.forEach((partition, end) -> lately.put(partition, end - starts.getOrDefault(partition, 0L)));
        }
        return lately;
    }

    private static boolean isRead(KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> reader.position(end.getKey()) >= end.getValue());
    }

    /** Counts by hashes. */
    private static final class Tally {

        private final MessageDigest digest = Sha256.begin();
        private final Map<String, Integer> keys = new HashMap<>();
        private final Map<String, String> wholes = new HashMap<>();
        private int records;
        private long largest;
        private int nullKeys;
        private int hottest;
        private String hottestPlace = "";
        private int repeated;
        private String repeatedPlaces = "";

        void add(ConsumerRecord<byte[], byte[]> record) {
            records++;
            largest = Math.max(largest, size(record));
            byte @Nullable [] key = record.key();
            if (key == null) {
                // Two heartbeats without a key are two heartbeats.
                nullKeys++;
                return;
            }
            var place = record.partition() + ":" + record.offset();
            int count = keys.merge(hash(key, null), 1, Integer::sum);
            if (count > hottest) {
                hottest = count;
                hottestPlace = place;
            }
            byte @Nullable [] value = record.value();
            if (value == null || record.headers().lastHeader(Header.REPLAY_ID) != null) {
                // What is deleted again, or was sent again on purpose, is no producer's mistake.
                return;
            }
            var before = wholes.putIfAbsent(hash(key, value), place);
            if (before != null) {
                repeated++;
                repeatedPlaces = before + " and " + place;
            }
        }

        private static long size(ConsumerRecord<byte[], byte[]> record) {
            long size = Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
            for (var header : record.headers()) {
                byte @Nullable [] value = header.value();
                size += header.key().length() + (value == null ? 0 : value.length);
            }
            return size;
        }

        private String hash(byte[] key, byte @Nullable [] value) {
            digest.update(key);
            if (value != null) {
                digest.update((byte) 0);
                digest.update(value);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        }

        ReadinessSample toSample() {
            return new ReadinessSample(
                    records, nullKeys, keys.size(), hottest, hottestPlace, repeated, repeatedPlaces, largest);
        }
    }

    Future<Void> close() {
        return workers.close();
    }
}
