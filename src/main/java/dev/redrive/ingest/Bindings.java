package dev.redrive.ingest;

import dev.redrive.Backoff;
import dev.redrive.ingest.Binding.State;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this member of the group was given, each bound to an incarnation of its topic before anything of it
 * is taken. Lives on one event loop.
 */
final class Bindings {

    private static final Logger log = LoggerFactory.getLogger(Bindings.class);
    private static final long REOPEN_MILLIS = 100;

    private final Vertx vertx;
    private final Opening opening;
    private final Backlog backlog;
    private final Map<TopicPartition, Binding> open = new HashMap<>();

    /** Each assignment of a partition has an object of its own, so that a late answer to an older one is noticed. */
    private final Map<TopicPartition, Object> assigned = new HashMap<>();

    private final Map<Binding, Optional<OptionalLong>> lost = new HashMap<>();

    Bindings(Vertx vertx, Opening opening, Backlog backlog) {
        this.vertx = vertx;
        this.opening = opening;
        this.backlog = backlog;
    }

    Set<TopicPartition> assigned() {
        return Set.copyOf(assigned.keySet());
    }

    List<Binding> in(State state) {
        return open.values().stream()
                .filter(binding -> binding.state() == state)
                .toList();
    }

    boolean isCurrent(Binding binding) {
        return open.get(binding.partition()) == binding;
    }

    void assigned(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            close(partition);
            open(partition, Optional.empty(), new Backoff());
        }
    }

    /** What was taken is stored all the same: if the next owner reads it too, it is there once. */
    void revoked(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            close(partition);
            assigned.remove(partition);
        }
    }

    private void close(TopicPartition partition) {
        var binding = open.remove(partition);
        if (binding != null) {
            binding.state(State.CLOSED);
            lost.remove(binding);
        }
    }

    private void open(TopicPartition partition, Optional<OptionalLong> divergent, Backoff backoff) {
        var assignment = new Object();
        assigned.put(partition, assignment);
        opening.open(partition, divergent).onComplete(opened -> {
            if (assigned.get(partition) != assignment) {
                return;
            }
            if (opened.succeeded()) {
                open.put(partition, opened.result());
            } else {
                long millis = backoff.next().toMillis();
                log.warn("Cannot begin to read {}, next try in {} ms: {}", partition, millis, text(opened.cause()));
                vertx.setTimer(millis, again -> {
                    if (assigned.get(partition) == assignment) {
                        open(partition, divergent, backoff);
                    }
                });
            }
        });
    }

    private static String text(Throwable failure) {
        return failure.toString();
    }

    /**
     * Takes over what a poll returned. The ids were asked for after the poll: an id that is still that of the binding
     * proves that the records are of this incarnation, because ids never come back. A topic that is gone by now
     * had its records all the same.
     */
    void take(ConsumerRecords<byte[], byte[]> records, Map<String, UUID> ids) {
        for (var partition : records.partitions()) {
            var binding = open.get(partition);
            if (binding == null || binding.state() != State.READING) {
                continue;
            }
            var id = ids.get(partition.topic());
            if (id != null && !id.equals(binding.topicId())) {
                recreated(binding);
                continue;
            }
            for (var record : records.records(partition)) {
                if (record.offset() >= binding.taken()) {
                    var polled = Polled.of(binding, record);
                    binding.take(record.offset(), polled.epoch());
                    backlog.add(polled);
                }
            }
        }
        records.nextOffsets().forEach((partition, next) -> {
            var binding = open.get(partition);
            if (binding != null && binding.state() == State.READING) {
                binding.skipTo(next.offset());
            }
        });
    }

    /** Closes the bindings of topics that were made again; what they had taken is stored under the old id. */
    void verify(Map<String, UUID> ids) {
        for (var binding : List.copyOf(open.values())) {
            var id = ids.get(binding.partition().topic());
            if (id != null && !id.equals(binding.topicId())) {
                recreated(binding);
            }
        }
    }

    private void recreated(Binding binding) {
        log.warn(
                "Topic {} was made again; reading the new one",
                binding.partition().topic());
        var partition = binding.partition();
        close(partition);
        var assignment = new Object();
        assigned.put(partition, assignment);
        whenStored(binding, assignment);
    }

    /** Only then does our position say where the old topic was left. */
    private void whenStored(Binding binding, Object assignment) {
        var partition = binding.partition();
        if (assigned.get(partition) != assignment) {
            return;
        }
        if (binding.unstored() == 0) {
            open(partition, Optional.empty(), new Backoff());
        } else {
            vertx.setTimer(REOPEN_MILLIS, later -> whenStored(binding, assignment));
        }
    }

    /** Partitions whose place Kafka does not have are looked up again, once nothing of them waits. */
    void lostPlace(OffsetOutOfRangeException failure) {
        var divergent = failure instanceof LogTruncationException truncated ? truncated.divergentOffsets() : null;
        for (var partition : failure.offsetOutOfRangePartitions().keySet()) {
            var binding = open.get(partition);
            if (binding != null) {
                binding.state(State.LOST_PLACE);
                var at = divergent == null ? null : divergent.get(partition);
                lost.put(
                        binding,
                        divergent == null
                                ? Optional.empty()
                                : Optional.of(at == null ? OptionalLong.empty() : OptionalLong.of(at.offset())));
            }
        }
    }

    void reopenLost() {
        for (var binding : in(State.LOST_PLACE)) {
            if (binding.unstored() == 0) {
                var divergent = lost.getOrDefault(binding, Optional.empty());
                close(binding.partition());
                open(binding.partition(), divergent, new Backoff());
            }
        }
    }

    /** After a turn that failed half-way nobody knows where the consumer stands; our own place is certain. */
    void seekAgain() {
        in(State.READING).forEach(binding -> binding.state(State.TO_SEEK));
    }

    /** @param except names of topics that are not to be read */
    Set<TopicPartition> reading(Set<String> except) {
        var reading = new HashSet<TopicPartition>();
        in(State.READING).forEach(binding -> {
            if (!except.contains(binding.partition().topic())) {
                reading.add(binding.partition());
            }
        });
        return reading;
    }
}
