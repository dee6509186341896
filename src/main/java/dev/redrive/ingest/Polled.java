package dev.redrive.ingest;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record that was taken from Kafka and is known to belong to its binding's incarnation of the topic. */
record Polled(Binding binding, ConsumerRecord<byte[], byte[]> record, long bytes) {

    static Polled of(Binding binding, ConsumerRecord<byte[], byte[]> record) {
        long bytes = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return new Polled(binding, record, bytes);
    }

    int epoch() {
        return record.leaderEpoch().orElse(-1);
    }
}
