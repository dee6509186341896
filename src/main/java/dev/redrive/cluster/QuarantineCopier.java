package dev.redrive.cluster;

import dev.redrive.cluster.QuarantineStore.Stored;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Copies a record once, however often it is tried and by how many processes. The transactional id is that of the
 * quarantine: to open it ends what anybody else has under way with it, so that what is then not found in the topic will
 * never be there. Needs {@code WRITE} on the transactional ids that begin with {@code redrive.}.
 */
final class QuarantineCopier {

    private static final long SECONDS = 30;
    private static final Duration SEARCH = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LEAST_REQUEST = 1 << 20;

    private final Vertx vertx;
    private final KafkaClients clients;

    QuarantineCopier(Vertx vertx, KafkaClients clients) {
        this.vertx = vertx;
        this.clients = clients;
    }

    /** @return the offset of the copy, also where an earlier try made it */
    Future<Long> copy(Stored stored, Quarantine.Ask ask, ConsumerRecord<byte[], byte[]> record) {
        var added = QuarantineHeaders.added(stored.id(), ask, record);
        var copy = QuarantineHeaders.copy(record, stored.topic(), stored.partition(), added);
        int most = Math.max(LEAST_REQUEST, QuarantineHeaders.sizeOf(copy) * 2);
        return vertx.<KafkaProducer<byte[], byte[]>>executeBlocking(
                        () -> clients.laneProducer(vertx, "redrive.quarantine." + stored.id(), most), false)
                .compose(producer -> {
                    // The future of the send tells; without a handler the stream would log it as unhandled, too.
                    var stream = producer.asStream().exceptionHandler(told -> {});
                    return producer.initTransactions()
                            .compose(fenced -> search(stored))
                            .compose(found -> found.isPresent()
                                    ? Future.succeededFuture(found.getAsLong())
                                    : producer.beginTransaction()
                                            .compose(begun -> stream.send(copy))
                                            .compose(sent ->
                                                    producer.commitTransaction().map(committed -> sent.offset())))
                            .timeout(SECONDS, TimeUnit.SECONDS)
                            .eventually(() -> producer.close(1_000));
                });
    }

    private Future<OptionalLong> search(Stored stored) {
        return vertx.executeBlocking(() -> searched(stored), false);
    }

    private OptionalLong searched(Stored stored) {
        var place = new TopicPartition(stored.topic(), stored.partition());
        byte[] id = stored.id().toString().getBytes(StandardCharsets.UTF_8);
        long deadline = System.nanoTime() + SEARCH.toNanos();
        try (var reader = clients.reader("read_committed")) {
            var partition = List.of(place);
            reader.assign(partition);
            long start = reader.beginningOffsets(partition, SEARCH).getOrDefault(place, 0L);
            long end = reader.endOffsets(partition, SEARCH).getOrDefault(place, 0L);
            reader.seek(place, Math.max(start, stored.searchFrom()));
            while (reader.position(place, SEARCH) < end) {
                for (var record : reader.poll(POLL)) {
                    var header = record.headers().lastHeader(QuarantineHeaders.ID);
                    if (header != null && Arrays.equals(header.value(), id)) {
                        return OptionalLong.of(record.offset());
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("The copies in " + place + " could not be looked through");
                }
            }
        }
        return OptionalLong.empty();
    }
}
