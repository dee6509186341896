package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Silverback 5.4 (.NET), {@code KafkaMovePolicyMessageEnricher.cs}: replaced at each failure. The reason is
 * "class in assembly" of the innermost exception, without its message. How it writes the timestamp was not verified:
 * both ISO 8601 and epoch ms are read.
 */
final class Silverback implements Convention {
    private static final String ID = "silverback";
    private static final String TOPIC = "x-source-topic";
    private static final String GROUP = "x-source-consumer-group-id";
    private static final String PARTITION = "x-source-partition";
    private static final String OFFSET = "x-source-offset";
    private static final String TIMESTAMP = "x-source-timestamp";
    private static final String REASON = "x-failure-reason";
    private static final String ATTEMPTS = "x-failed-attempts";
    private static final String ASSEMBLY = " in ";
    private static final Set<String> NAMES = Set.of(TOPIC, GROUP, PARTITION, OFFSET, TIMESTAMP, REASON, ATTEMPTS);

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public Set<String> borrowed() {
        return NAMES;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAll(TOPIC, REASON)) {
            return null;
        }
        Block block = evidence.newest(NAMES);
        String reason = block.text(REASON);
        Long millis = block.decimal(TIMESTAMP);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .timestamp(millis != null ? millis : Text.time(block.text(TIMESTAMP)))
                .group(block.word(GROUP))
                .failed(new Failure(exceptionClass(reason), null, reason, null, block.attempts(ATTEMPTS))));
    }

    private static @Nullable String exceptionClass(@Nullable String reason) {
        int end = reason == null ? -1 : reason.indexOf(ASSEMBLY);
        return reason == null || end <= 0 ? null : reason.substring(0, end);
    }
}
