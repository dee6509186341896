package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Fetches single records by their coordinates, for letters that hold only those, and looks for keys among the newest ones. A record is answered only if it lies at
 * exactly that offset; a neighbour, or a tombstone that nobody wrote, never is. Blocks a worker thread of its own.
 */
final class SourceRecords {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SCAN_TIME = Duration.ofSeconds(3);
    private static final long MOST_SCANNED = 2_000;
    private static final long MOST_SCANNED_OF_TOPIC = 20_000;
    private static final Duration MOST_TIME = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final WorkerExecutor readers;

    SourceRecords(Vertx vertx, KafkaClients clients) {
        this.clients = clients;
        this.readers = vertx.createSharedWorkerExecutor("redrive-source-records", 4, 1, TimeUnit.MINUTES);
    }

    /** @param timestamp ms, as on the record */
    record SourceRecord(TopicPartition place, long offset, long timestamp, Content content) {}

    /** Fails with {@link ProblemCode#GONE} where Kafka does not hold that offset, or not as a committed record. */
    Future<SourceRecord> fetch(String topic, int partition, long offset) {
        return readers.executeBlocking(() -> fetchBlocking(new TopicPartition(topic, partition), offset), false);
    }

    private SourceRecord fetchBlocking(TopicPartition place, long offset) {
        long deadline = System.nanoTime() + MOST_TIME.toNanos();
        try (var reader = clients.reader("read_committed")) {
            reader.assign(List.of(place));
            var start = reader.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
            var end = reader.endOffsets(List.of(place)).getOrDefault(place, 0L);
            if (offset < start || offset >= end) {
                throw gone(place, offset);
            }
            reader.seek(place, offset);
            while (reader.position(place) <= offset && System.nanoTime() < deadline) {
                for (var record : reader.poll(POLL)) {
                    if (record.offset() == offset) {
                        return new SourceRecord(place, offset, record.timestamp(), content(record));
                    }
                    throw gone(place, offset);
                }
            }
            if (reader.position(place) > offset) {
                throw gone(place, offset);
            }
        } catch (OffsetOutOfRangeException removed) {
            throw gone(place, offset);
        }
        throw new RefusedException(
                ProblemCode.KAFKA_UNAVAILABLE, place + " did not answer within " + MOST_TIME.toSeconds() + " s");
    }

    /**
     * Whether one of the newest 2,000 committed records of the partition has this key.
     *
     * @param from older records do not count
     */
    Future<Boolean> holdsKey(TopicPartition place, Buffer key, long from) {
        return readers.executeBlocking(() -> holdsKeyBlocking(place, key, from), false);
    }

    private boolean holdsKeyBlocking(TopicPartition place, Buffer key, long from) {
        long deadline = System.nanoTime() + SCAN_TIME.toNanos();
        try (var reader = clients.reader("read_committed")) {
            reader.assign(List.of(place));
            var start = reader.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
            var end = reader.endOffsets(List.of(place)).getOrDefault(place, 0L);
            reader.seek(place, Math.max(Math.max(start, from), end - MOST_SCANNED));
            while (reader.position(place) < end && System.nanoTime() < deadline) {
                for (var record : reader.poll(POLL)) {
                    if (key.equals(buffer(record.key()))) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** The newest committed records of each partition, 2,000 of each and 20,000 of the topic at most, for 3 s at most. */
    Future<NewestKeys> newest(String topic, int partitions) {
        return readers.executeBlocking(() -> newestBlocking(topic, partitions), false);
    }

    private NewestKeys newestBlocking(String topic, int partitions) {
        long deadline = System.nanoTime() + SCAN_TIME.toNanos();
        long each = Math.max(1, Math.min(MOST_SCANNED, MOST_SCANNED_OF_TOPIC / partitions));
        var places = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        var latest = new HashMap<Integer, Map<Buffer, Long>>();
        var open = new HashSet<>(places);
        try (var reader = clients.reader("read_committed")) {
            reader.assign(places);
            var starts = reader.beginningOffsets(places);
            var ends = reader.endOffsets(places);
            places.forEach(place ->
                    reader.seek(place, Math.max(starts.getOrDefault(place, 0L), ends.getOrDefault(place, 0L) - each)));
            open.removeIf(place -> reader.position(place) >= ends.getOrDefault(place, 0L));
            while (!open.isEmpty() && System.nanoTime() < deadline) {
                for (var record : reader.poll(POLL)) {
                    if (record.key() != null) {
                        latest.computeIfAbsent(record.partition(), partition -> new HashMap<>())
                                .merge(NewestKeys.of(record.key()), record.offset(), Math::max);
                    }
                }
                open.removeIf(place -> reader.position(place) >= ends.getOrDefault(place, 0L));
            }
        }
        var tails = new HashMap<Integer, NewestKeys.Tail>();
        places.forEach(place -> tails.put(
                place.partition(),
                new NewestKeys.Tail(latest.getOrDefault(place.partition(), Map.of()), !open.contains(place))));
        return new NewestKeys(tails, (int) each);
    }

    private static RefusedException gone(TopicPartition place, long offset) {
        return new RefusedException(
                ProblemCode.GONE, "Kafka holds no committed record at " + place + ", offset " + offset + ", any more");
    }

    private static Content content(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), buffer(header.value()))));
        return new Content(buffer(record.key()), buffer(record.value()), headers);
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    Future<Void> close() {
        return readers.close();
    }
}
