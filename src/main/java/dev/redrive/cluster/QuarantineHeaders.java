package dev.redrive.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers of a record in quarantine: its own ones byte for byte and in order, and behind them ours. {@code
 * dev.redrive.convention.RedriveQuarantine} reads them.
 */
final class QuarantineHeaders {

    static final String ID = "redrive-quarantine";

    private static final String TOPIC = "redrive-origin-topic";
    private static final String PARTITION = "redrive-origin-partition";
    private static final String OFFSET = "redrive-origin-offset";
    private static final String TIMESTAMP = "redrive-origin-timestamp";
    private static final String GROUP = "redrive-origin-consumer-group";
    private static final String REASON = "redrive-quarantine-reason";

    private QuarantineHeaders() {}

    static List<Header> added(UUID id, Quarantine.Ask ask, ConsumerRecord<byte[], byte[]> record) {
        return List.of(
                text(ID, id.toString()),
                text(TOPIC, record.topic()),
                text(PARTITION, Integer.toString(record.partition())),
                text(OFFSET, Long.toString(record.offset())),
                text(TIMESTAMP, Long.toString(record.timestamp())),
                text(GROUP, ask.group()),
                text(REASON, ask.reason()));
    }

    /** With the time of now: by its old one the topic's retention might delete the copy at once. */
    @SuppressWarnings("NullAway") // Kafka's record takes null for a timestamp, a key and a value, but is not annotated
    static ProducerRecord<byte[], byte[]> copy(
            ConsumerRecord<byte[], byte[]> record, String topic, int partition, List<Header> added) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(headers::add);
        headers.addAll(added);
        return new ProducerRecord<>(topic, partition, null, record.key(), record.value(), headers);
    }

    /** An upper bound of what the record takes, in bytes. */
    static int sizeOf(ProducerRecord<byte[], byte[]> record) {
        long size = 1_024L + length(record.key()) + length(record.value());
        for (var header : record.headers()) {
            size += 16L + header.key().length() * 3L + length(header.value());
        }
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    private static int length(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
