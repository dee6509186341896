package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One failure of a record as one framework wrote it: where the record lay when it failed, and why.
 *
 * @param convention id of the framework
 * @param topic a legal topic name, else null
 * @param timestamp of the failed record, ms; null where the framework does not write it
 * @param keepsTimestamp the dead letter carries the failed record's own timestamp
 */
record Hop(
        String convention,
        @Nullable String topic,
        @Nullable Integer partition,
        @Nullable Long offset,
        @Nullable Long timestamp,
        @Nullable String consumerGroup,
        boolean keepsTimestamp,
        Failure failure,
        Map<String, String> details) {

    Hop {
        details = Map.copyOf(details);
    }

    static Hop at(String convention, @Nullable String topic, @Nullable Integer partition, @Nullable Long offset) {
        return new Hop(convention, topic, partition, offset, null, null, false, Failure.UNKNOWN, Map.of());
    }

    Hop timestamp(@Nullable Long millis) {
        return new Hop(convention, topic, partition, offset, millis, consumerGroup, keepsTimestamp, failure, details);
    }

    Hop keepingTimestamp() {
        return new Hop(convention, topic, partition, offset, timestamp, consumerGroup, true, failure, details);
    }

    Hop group(@Nullable String group) {
        return new Hop(convention, topic, partition, offset, timestamp, group, keepsTimestamp, failure, details);
    }

    Hop failed(Failure why) {
        return new Hop(convention, topic, partition, offset, timestamp, consumerGroup, keepsTimestamp, why, details);
    }

    /** A further fact under a stable name; nothing where it is unknown. */
    Hop detail(String name, @Nullable Object fact) {
        if (fact == null) {
            return this;
        }
        var more = new HashMap<>(details);
        more.put(name, fact.toString());
        return new Hop(convention, topic, partition, offset, timestamp, consumerGroup, keepsTimestamp, failure, more);
    }

    Hop with(Map<String, String> facts) {
        return new Hop(convention, topic, partition, offset, timestamp, consumerGroup, keepsTimestamp, failure, facts);
    }

    boolean sameRecordAs(Hop other) {
        return Objects.equals(topic, other.topic)
                && Objects.equals(partition, other.partition)
                && Objects.equals(offset, other.offset);
    }
}
