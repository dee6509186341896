package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brighter 10.7 (.NET), {@code HeaderNames.cs} and {@code KafkaMessageConsumer.cs#RefreshMetadata}. {@code Topic} names
 * the dead-letter topic and {@code HandledCount} is used up, so a replay drops both with the rest.
 */
final class Brighter implements Convention {
    private static final String ID = "brighter";
    private static final String TOPIC = "OriginalTopic";
    private static final String REASON = "RejectionReason";
    private static final String MESSAGE = "RejectionMessage";
    private static final String REJECTED_AT = "RejectionTimestamp";
    private static final String HANDLED = "HandledCount";
    private static final Set<String> NAMES =
            Set.of(TOPIC, "OriginalType", REASON, MESSAGE, REJECTED_AT, HANDLED, "Topic");

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
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), null, null)
                .failed(new Failure(block.word(REASON), null, block.text(MESSAGE), null, block.attempts(HANDLED)))
                .detail("failedAt", Text.time(block.text(REJECTED_AT))));
    }
}
