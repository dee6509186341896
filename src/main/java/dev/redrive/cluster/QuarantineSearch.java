package dev.redrive.cluster;

import dev.redrive.cluster.QuarantineStore.Stored;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Looks for the copy of a quarantine whose transactional id is fenced. Readers of committed records see nothing behind a
 * transaction of somebody else that is open, so first every record is looked at: where none carries the id there is no copy.
 */
final class QuarantineSearch {

    private static final Duration MOST = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaClients clients;

    QuarantineSearch(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * Blocks for 20 s at most.
     *
     * @throws RefusedException where a transaction of somebody else hides whether the copy was committed
     */
    OptionalLong find(Stored stored) {
        var any = last(stored, "read_uncommitted");
        if (any.offset().isEmpty()) {
            return OptionalLong.empty();
        }
        var committed = last(stored, "read_committed");
        if (committed.offset().isEmpty() && committed.end() <= any.offset().getAsLong()) {
            throw new RefusedException(
                    ProblemCode.CONFLICT_STATE,
                    "A transaction of somebody else is open in " + stored.topic() + ", partition " + stored.partition()
                            + ", and hides whether the record was copied. Ask again when it has ended.");
        }
        return committed.offset();
    }

    /** @param offset of the last record with the id; {@code end} how far a reader gets */
    private record Seen(OptionalLong offset, long end) {}

    private Seen last(Stored stored, String isolation) {
        var place = new TopicPartition(stored.topic(), stored.partition());
        byte[] id = stored.id().toString().getBytes(StandardCharsets.UTF_8);
        long deadline = System.nanoTime() + MOST.toNanos();
        try (var reader = clients.reader(isolation)) {
            var partition = List.of(place);
            reader.assign(partition);
            long start = reader.beginningOffsets(partition, MOST).getOrDefault(place, 0L);
            long end = reader.endOffsets(partition, MOST).getOrDefault(place, 0L);
            reader.seek(place, Math.max(start, stored.searchFrom()));
            var found = OptionalLong.empty();
            while (reader.position(place, MOST) < end) {
                for (var record : reader.poll(POLL)) {
                    found = carries(record, id) ? OptionalLong.of(record.offset()) : found;
                }
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("The copies in " + place + " could not be looked through");
                }
            }
            return new Seen(found, end);
        }
    }

    private static boolean carries(ConsumerRecord<byte[], byte[]> record, byte[] id) {
        var header = record.headers().lastHeader(QuarantineHeaders.ID);
        return header != null && Arrays.equals(header.value(), id);
    }
}
