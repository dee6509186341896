package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Redpanda Connect (Benthos) 4.106, {@code franz_reader.go} and the fallback output, where the output's metadata
 * patterns let them pass. The names look like Spring's but are not; all values are text.
 */
final class RedpandaConnect implements Convention {
    private static final String ID = "redpanda-connect";
    private static final String ERROR = "fallback_error";
    private static final String TOPIC = "kafka_topic";
    private static final String PARTITION = "kafka_partition";
    private static final String OFFSET = "kafka_offset";
    private static final String MILLIS = "kafka_timestamp_ms";
    private static final String SECONDS = "kafka_timestamp_unix";
    private static final Set<String> NAMES =
            Set.of(TOPIC, PARTITION, OFFSET, MILLIS, SECONDS, "kafka_key", "kafka_lag", "kafka_tombstone_message");

    @Override
    public Set<String> own() {
        return Set.of(ERROR);
    }

    @Override
    public Set<String> borrowed() {
        return NAMES;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.has(ERROR)) {
            return null;
        }
        Block block = evidence.newest(NAMES);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .timestamp(timestamp(block))
                .failed(new Failure(null, null, evidence.newest(own()).text(ERROR), null, null)));
    }

    private static @Nullable Long timestamp(Block block) {
        Long millis = block.decimal(MILLIS);
        Long seconds = block.decimal(SECONDS);
        if (millis != null || seconds == null || seconds > Long.MAX_VALUE / 1000) {
            return millis;
        }
        return seconds * 1000;
    }
}
