package dev.redrive.replay;

import dev.redrive.kafka.KafkaClients;
import dev.redrive.replay.CopyStore.Suspect;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for replays in their targets by the replay id, also among records that were never committed. Bounded: what it
 * does not reach it does not claim to know. Blocks a worker thread of its own.
 */
final class TargetSearch {

    private static final Logger log = LoggerFactory.getLogger(TargetSearch.class);
    private static final int MOST_RECORDS = 50_000;
    private static final Duration MOST_TIME = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaClients clients;
    private final WorkerExecutor readers;

    TargetSearch(Vertx vertx, KafkaClients clients) {
        this.clients = clients;
        this.readers = vertx.createSharedWorkerExecutor("redrive-search", 2, 2, TimeUnit.MINUTES);
    }

    /**
     * @param found place and attempt of all records with each id, by offset; at least one
     * @param complete partitions that were read from where the search began to their end
     */
    record Result(Map<UUID, List<Found>> found, Set<TopicPartition> complete) {}

    record Found(int partition, long offset, int attempt) {}

    /** Suspects without a place are not looked for. Fails when Kafka does not answer. */
    Future<Result> search(List<Suspect> suspects) {
        var from = new HashMap<TopicPartition, Long>();
        var wanted = new HashSet<UUID>();
        for (var suspect : suspects) {
            var place = suspect.place();
            if (place != null) {
                from.merge(place, suspect.from(), Math::min);
                wanted.add(suspect.replayId());
            }
        }
        return from.isEmpty()
                ? Future.succeededFuture(new Result(Map.of(), Set.of()))
                : readers.executeBlocking(() -> searchBlocking(from, wanted), false);
    }

    private Result searchBlocking(Map<TopicPartition, Long> from, Set<UUID> wanted) {
        var found = new HashMap<UUID, List<Found>>();
        var complete = new HashSet<TopicPartition>();
        long deadline = System.nanoTime() + MOST_TIME.toNanos();
        try (var reader = clients.reader("read_uncommitted")) {
            for (var start : from.entrySet()) {
                if (read(reader, start.getKey(), start.getValue(), deadline, wanted, found)) {
                    complete.add(start.getKey());
                }
            }
        }
        return new Result(Map.copyOf(found), Set.copyOf(complete));
    }

    /** @return whether the whole stretch was read */
    private static boolean read(
            KafkaConsumer<byte[], byte[]> reader,
            TopicPartition partition,
            long from,
            long deadline,
            Set<UUID> wanted,
            Map<UUID, List<Found>> found) {
        try {
            reader.assign(Set.of(partition));
            long end = reader.endOffsets(Set.of(partition)).getOrDefault(partition, 0L);
            reader.seek(partition, from);
            int read = 0;
            while (reader.position(partition) < end && read < MOST_RECORDS && System.nanoTime() < deadline) {
                for (var record : reader.poll(POLL)) {
                    read++;
                    var id = replayIdOf(record);
                    if (id != null && wanted.contains(id)) {
                        found.computeIfAbsent(id, first -> new ArrayList<>())
                                .add(new Found(record.partition(), record.offset(), attemptOf(record)));
                    }
                }
            }
            return reader.position(partition) >= end;
        } catch (KafkaException unreadable) {
            log.warn("Could not search {} from offset {}", partition, from, unreadable);
            return false;
        }
    }

    /** @return null for a record that is no replay */
    static @Nullable UUID replayIdOf(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(ProvenanceHeaders.REPLAY_ID);
        if (header == null || header.value() == null) {
            return null;
        }
        try {
            return UUID.fromString(new String(header.value(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static int attemptOf(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(ProvenanceHeaders.ATTEMPT);
        try {
            return header == null ? 1 : Integer.parseInt(new String(header.value(), StandardCharsets.UTF_8));
        } catch (NumberFormatException notOurs) {
            return 1;
        }
    }

    Future<Void> close() {
        return readers.close();
    }
}
