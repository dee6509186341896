package dev.redrive.replay;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Size of a record as the broker measures it against {@code max.message.bytes}: alone in an uncompressed batch of
 * message format v2 (the "Message Format" section of Kafka's documentation). A batch with other records that would be
 * too large is split by the client, so this is the smallest size in which the record can be written.
 */
final class RecordSize {

    /** Base offset to record count of a v2 batch. */
    private static final int BATCH_OVERHEAD = 61;

    /** Attributes, and the zero deltas of timestamp and offset, one byte each. */
    private static final int RECORD_OVERHEAD = 3;

    private RecordSize() {}

    /** @return bytes; a record whose size is beyond an int is {@link Integer#MAX_VALUE} */
    static int of(ProducerRecord<byte[], byte[]> record) {
        long body = RECORD_OVERHEAD + nullable(record.key()) + nullable(record.value()) + headers(record.headers());
        return (int) Math.min(Integer.MAX_VALUE, BATCH_OVERHEAD + varint(body) + body);
    }

    private static long headers(Headers headers) {
        long size = 0;
        int count = 0;
        for (var header : headers) {
            int name = header.key().getBytes(StandardCharsets.UTF_8).length;
            size += varint(name) + name + nullable(header.value());
            count++;
        }
        return size + varint(count);
    }

    /** A length in front; null is the length -1. */
    @SuppressWarnings("NullAway") // Kafka's own types are not annotated: key, value and header values may be null
    private static long nullable(byte[] bytes) {
        return bytes == null ? varint(-1) : varint(bytes.length) + bytes.length;
    }

    /** Zigzag, seven bits a byte, as in Protocol Buffers. */
    private static int varint(long number) {
        long zigzag = (number << 1) ^ (number >> 63);
        int bytes = 1;
        while ((zigzag & ~0x7fL) != 0) {
            zigzag >>>= 7;
            bytes++;
        }
        return bytes;
    }
}
