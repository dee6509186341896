package dev.redrive.ingest;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that wait to be stored, in the order of their arrival; bounded in records and in bytes, because Postgres may
 * be away for hours. One poll goes beyond the high mark at most, hence the marks are below the limits of 2,000
 * records and 32 MiB.
 */
final class Backlog {

    /** What one poll may bring, see {@code KafkaClients.ingestConsumer}. */
    static final int POLL_BYTES = 8 << 20;

    private static final int HIGH_RECORDS = 1_500;
    private static final int LOW_RECORDS = 1_000;
    private static final long HIGH_BYTES = 24L << 20;
    private static final long LOW_BYTES = 12L << 20;

    private final ArrayDeque<Polled> waiting = new ArrayDeque<>();
    private int records;
    private long bytes;
    private boolean full;

    void add(Polled polled) {
        waiting.add(polled);
        records++;
        bytes += polled.bytes();
    }

    boolean isEmpty() {
        return records == 0;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    int records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /** True from the high mark until the low one, so that partitions are not paused and resumed at every poll. */
    boolean isFull() {
        full = full ? records > LOW_RECORDS || bytes > LOW_BYTES : records >= HIGH_RECORDS || bytes >= HIGH_BYTES;
        return full;
    }

    /** The oldest, at least one where there is one; they count as here until {@link #done}. */
    List<Polled> take(int mostRecords, long mostBytes) {
        var batch = new ArrayList<Polled>();
        long size = 0;
        while (!waiting.isEmpty() && batch.size() < mostRecords) {
            size += waiting.element().bytes();
            if (size > mostBytes && !batch.isEmpty()) {
                break;
            }
            batch.add(waiting.remove());
        }
        return batch;
    }

    void done(List<Polled> batch) {
        records -= batch.size();
        for (var polled : batch) {
            bytes -= polled.bytes();
        }
    }

    /** Forgets what waits of this binding: it will be read again. */
    void drop(Binding binding) {
        var dropped =
                waiting.stream().filter(polled -> polled.binding() == binding).toList();
        waiting.removeIf(polled -> polled.binding() == binding);
        done(dropped);
    }

    /** When the oldest waiting record of a partition was written. */
    Optional<Instant> oldest(TopicPartition partition) {
        return waiting.stream()
                .filter(polled -> polled.binding().partition().equals(partition))
                .findFirst()
                .map(polled -> Instant.ofEpochMilli(polled.record().timestamp()));
    }
}
