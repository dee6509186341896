package dev.redrive.letter;

import static java.util.Objects.requireNonNull;

/**
 * A record of a dead-letter topic as Kafka handed it out, before anything was read from it.
 *
 * @param timestamp ms since the epoch as written on the record; any long, also negative ones
 */
public record Arrival(Position position, long timestamp, TimestampType timestampType, Content content) {

    /** Names as in Kafka's {@code org.apache.kafka.common.record.TimestampType}. */
    public enum TimestampType {
        NO_TIMESTAMP_TYPE,
        CREATE_TIME,
        LOG_APPEND_TIME
    }

    public Arrival {
        requireNonNull(position, "position");
        requireNonNull(content, "content");
    }
}
