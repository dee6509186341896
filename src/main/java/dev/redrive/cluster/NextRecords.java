package dev.redrive.cluster;

import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the record that a consumer group would read next, as a reader outside of any group. One consumer for all that is
 * asked at once, on a worker thread of its own, for 3 s at most from when there is a consumer until it is closed.
 */
final class NextRecords {

    /** More than this at once is not worth the memory: a megabyte may come from each. */
    static final int MOST = 20;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration MOST_TIME = Duration.ofSeconds(3);

    private final KafkaClients clients;
    private final WorkerExecutor readers;

    NextRecords(Vertx vertx, KafkaClients clients) {
        this.clients = clients;
        this.readers = vertx.createSharedWorkerExecutor("redrive-next-records", 2, 1, TimeUnit.MINUTES);
    }

    /**
     * @param records the first committed record from each offset on
     * @param nothing where no record lies between the offset and the end, only markers of transactions
     * @param held where a transaction that is open hides what lies there from readers of committed records
     */
    record Found(
            Map<TopicPartition, ConsumerRecord<byte[], byte[]>> records,
            Set<TopicPartition> nothing,
            Set<TopicPartition> held) {

        static final Found NOTHING_KNOWN = new Found(Map.of(), Set.of(), Set.of());
    }

    /** @param empty where no record was found, and up to which offset */
    private record Read(Map<TopicPartition, ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Long> empty) {}

    /** @param from {@link #MOST} at most; a partition that did not answer in time is in no part */
    Future<Found> from(Map<TopicPartition, Long> from) {
        return readers.executeBlocking(() -> committed(from), false);
    }

    /** As {@link #from}, with records of transactions that are open or were aborted. */
    Future<Found> anyFrom(Map<TopicPartition, Long> from) {
        return readers.executeBlocking(
                () -> {
                    var read = read(from, "read_uncommitted", deadline());
                    return new Found(read.records(), Set.copyOf(read.empty().keySet()), Set.of());
                },
                false);
    }

    private static long deadline() {
        return System.nanoTime() + MOST_TIME.toNanos();
    }

    /** Where readers of committed records are at the end and others are not, a transaction is open. */
    private Found committed(Map<TopicPartition, Long> from) {
        long deadline = deadline();
        var read = read(from, "read_committed", deadline);
        var held = new HashSet<TopicPartition>();
        if (!read.empty().isEmpty()) {
            var any = clients.reader("read_uncommitted");
            try {
                any.endOffsets(read.empty().keySet(), left(deadline)).forEach((place, end) -> {
                    if (end > read.empty().getOrDefault(place, end)) {
                        held.add(place);
                    }
                });
            } finally {
                any.close(CloseOptions.timeout(left(deadline)));
            }
        }
        var nothing = new HashSet<>(read.empty().keySet());
        nothing.removeAll(held);
        return new Found(read.records(), nothing, held);
    }

    private Read read(Map<TopicPartition, Long> from, String isolation, long deadline) {
        var reader = clients.reader(isolation);
        try {
            return read(from, reader, deadline);
        } finally {
            // What a broker is not told of in time it finds out by itself.
            reader.close(CloseOptions.timeout(left(deadline)));
        }
    }

    private static Read read(Map<TopicPartition, Long> from, Consumer<byte[], byte[]> reader, long deadline) {
        var found = new Read(new HashMap<>(), new HashMap<>());
        var open = new HashSet<>(from.keySet());
        reader.assign(open);
        // Of what is there by now: transactions that are open hold the end for readers of committed records back.
        var ends = reader.endOffsets(open, left(deadline));
        reader.beginningOffsets(open, left(deadline))
                .forEach((place, start) -> reader.seek(place, Math.max(start, from.getOrDefault(place, start))));
        while (!open.isEmpty() && !left(deadline).isZero()) {
            poll(reader, found, open);
            settle(reader, found, open, ends);
        }
        return found;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static void poll(Consumer<byte[], byte[]> reader, Read found, Collection<TopicPartition> open) {
        try {
            for (var record : reader.poll(POLL)) {
                var place = new TopicPartition(record.topic(), record.partition());
                found.records().putIfAbsent(place, record);
                open.remove(place);
            }
        } catch (OffsetOutOfRangeException removed) {
            open.removeAll(removed.partitions());
            reader.pause(removed.partitions());
        }
    }

    private static void settle(
            Consumer<byte[], byte[]> reader, Read found, Set<TopicPartition> open, Map<TopicPartition, Long> ends) {
        for (var place : Set.copyOf(open)) {
            long reached = reader.position(place, POLL);
            if (reached >= ends.getOrDefault(place, Long.MAX_VALUE)) {
                found.empty().put(place, reached);
                open.remove(place);
            }
        }
        var done = new HashSet<>(reader.assignment());
        done.removeAll(open);
        reader.pause(done);
    }

    Future<Void> close() {
        return readers.close();
    }
}
