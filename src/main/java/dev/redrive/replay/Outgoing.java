package dev.redrive.replay;

import dev.redrive.letter.Content;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it goes to Kafka. Its partition is always chosen here and never by the producer, so that it is known
 * where to look for the record after a doubt.
 */
record Outgoing(Claim claim, ProducerRecord<byte[], byte[]> record) {

    /** A replay that says this goes out exactly as its content is, and cannot be recognised when it comes back. */
    static final String WITHOUT_HEADERS = "no-redrive-headers";

    static Outgoing of(Claim claim, Content content, int partition) {
        var headers = new ArrayList<>(ProvenanceHeaders.of(content, claim.drops()));
        if (!claim.overrides().contains(WITHOUT_HEADERS)) {
            headers.addAll(ProvenanceHeaders.added(claim.id(), claim.letterId(), claim.attempt()));
        }
        return new Outgoing(
                claim,
                new ProducerRecord<>(
                        claim.topic(),
                        partition,
                        claim.timestamp(),
                        bytes(content.key()),
                        bytes(content.value()),
                        headers));
    }

    /**
     * The partition a producer with Kafka's default partitioner takes for a key; a record without a key goes to one by
     * its replay's id.
     */
    static int partitionOf(Claim claim, @Nullable Buffer key, int partitions) {
        return partitionOf(
                key == null ? Buffer.buffer(claim.id().toString().getBytes(StandardCharsets.UTF_8)) : key, partitions);
    }

    static int partitionOf(Buffer key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes())) % partitions;
    }

    TopicPartition place() {
        return new TopicPartition(record.topic(), record.partition());
    }

    @SuppressWarnings("NullAway") // Kafka's record takes null keys and values, but is not annotated
    private static byte[] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
