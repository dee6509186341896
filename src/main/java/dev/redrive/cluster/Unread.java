package dev.redrive.cluster;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Letters of a partition that are not stored yet, and how long Kafka keeps them.
 *
 * @param lag records, 1 or more
 * @param oldestAt when the oldest of them was written; null where it could not be read
 * @param timeHeadroom percent of {@code retention.ms} that is left for it; null where nothing is deleted by time
 * @param sizeHeadroom percent of {@code retention.bytes} that may still be written; null where nothing is deleted by size
 */
record Unread(
        TopicPartition partition,
        long lag,
        @Nullable Instant oldestAt,
        @Nullable Double timeHeadroom,
        @Nullable Double sizeHeadroom) {

    /** Below this percentage somebody has to know. */
    static final double ENOUGH = 50;

    /**
     * @param retentionMs empty without a bound
     * @param bytes the size of what is unread, as far as it is known; records of a partition are taken for equally large
     */
    static Unread of(
            TopicPartition partition,
            long lag,
            @Nullable Instant oldestAt,
            OptionalLong retentionMs,
            OptionalLong retentionBytes,
            OptionalLong bytes,
            Instant now) {
        Double time = oldestAt == null || retentionMs.isEmpty()
                ? null
                : left(now.toEpochMilli() - oldestAt.toEpochMilli(), retentionMs.getAsLong());
        Double size = bytes.isEmpty() || retentionBytes.isEmpty()
                ? null
                : left(bytes.getAsLong(), retentionBytes.getAsLong());
        return new Unread(partition, lag, oldestAt, time, size);
    }

    private static Double left(long used, long most) {
        return most <= 0 ? 0.0 : Math.max(0, Math.min(100, 100.0 * (most - used) / most));
    }

    /** Percent of what runs out first; 100 where nothing does. */
    double headroom() {
        return Stream.of(timeHeadroom == null ? 100.0 : timeHeadroom, sizeHeadroom == null ? 100.0 : sizeHeadroom)
                .min(Double::compare)
                .orElse(100.0);
    }

    TopicTrouble trouble() {
        var details = new JsonObject()
                .put("worstPartition", partition.partition())
                .put("lag", lag)
                .put("oldestAt", oldestAt == null ? null : Times.rfc3339(oldestAt))
                .put("headroomPercent", Math.floor(headroom()))
                .put(
                        "runsOut",
                        sizeHeadroom != null && sizeHeadroom == headroom() ? "retention.bytes" : "retention.ms");
        return new TopicTrouble(TopicNotice.Kind.EXPIRY, partition.topic(), TopicTrouble.WHOLE, details);
    }
}
