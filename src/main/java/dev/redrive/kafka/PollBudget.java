package dev.redrive.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a poll when its records have become too many bytes. {@code max.poll.records} counts records and the fetch
 * settings count compressed bytes, so 500 records of a megabyte that compress well would be half a gigabyte at once.
 *
 * <p>It is the deserializer of values and refuses the record that would exceed the budget. The consumer then returns
 * what it has and offers the refused record to the next poll ({@code CompletedFetch.fetchRecords} keeps it). The
 * first record of a poll is never refused, whatever its size. Used by the polling thread and by whoever renews the
 * budget between two polls; the hand-over of the consumer orders these.
 */
public final class PollBudget implements Deserializer<byte[]> {

    private final Deserializer<byte[]> plain = new ByteArrayDeserializer();
    private final int bytes;
    private long spent;

    /** @param bytes of values and headers that one poll may return, beyond its first record */
    public PollBudget(int bytes) {
        this.bytes = bytes;
    }

    /** Before every poll. */
    public void renew() {
        spent = 0;
    }

    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] data) {
        return plain.deserialize(topic, data);
    }

    @Override
    public byte @Nullable [] deserialize(String topic, Headers headers, byte @Nullable [] data) {
        spend(headers, data == null ? 0 : data.length);
        return plain.deserialize(topic, headers, data);
    }

    @Override
    public byte @Nullable [] deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
        spend(headers, data == null ? 0 : data.remaining());
        return plain.deserialize(topic, headers, data);
    }

    private void spend(Headers headers, int valueBytes) {
        long size = valueBytes;
        for (var header : headers) {
            byte @Nullable [] value = header.value();
            size += value == null ? 0 : value.length;
        }
        if (spent > 0 && spent + size > bytes) {
            throw new SerializationException("The poll has enough bytes");
        }
        spent += Math.max(1, size);
    }
}
