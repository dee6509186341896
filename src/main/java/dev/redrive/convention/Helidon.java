package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Helidon. MP 2 to 4 ({@code io.helidon.messaging.connectors.kafka.KafkaNack}) appends text headers and one called
 * {@code topic} with the dead-letter topic's name. The preview of its declarative messaging
 * ({@code io.helidon.extensions.messaging.connectors.kafka.KafkaConnector}) writes more of the origin and no failure;
 * how it encodes integers was not verified, so both text and bytes are read.
 */
final class Helidon implements Convention {
    private static final String ID = "helidon";
    private static final String EXCEPTION = "dlq-error";
    private static final String MESSAGE = "dlq-error-msg";
    private static final String TOPIC = "dlq-orig-topic";
    private static final String PARTITION = "dlq-orig-partition";
    private static final String OFFSET = "dlq-orig-offset";
    private static final String TIMESTAMP = "dlq-orig-timestamp";
    private static final String TIMESTAMP_TYPE = "dlq-orig-timestamp-type";
    private static final String LEADER_EPOCH = "dlq-orig-leader-epoch";
    private static final String CHANNEL = "helidon_messaging_dead_letter_source_channel";
    private static final String ATTEMPTS = "helidon_messaging_dead_letter_attempts";
    private static final String FAILURE_TYPE = "helidon_messaging_dead_letter_failure_type";
    private static final String FAILURE_MESSAGE = "helidon_messaging_dead_letter_failure_message";
    private static final Set<String> OWN = Set.of(
            EXCEPTION,
            MESSAGE,
            TOPIC,
            PARTITION,
            OFFSET,
            TIMESTAMP,
            TIMESTAMP_TYPE,
            LEADER_EPOCH,
            CHANNEL,
            ATTEMPTS,
            FAILURE_TYPE,
            FAILURE_MESSAGE);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public Set<String> borrowed() {
        return Set.of("topic");
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.has(TOPIC) && !evidence.has(EXCEPTION) && !evidence.has(CHANNEL)) {
            return null;
        }
        return Sighting.of(evidence.blocks(OWN, Set.of(EXCEPTION)).stream()
                .map(Helidon::hop)
                .toList());
    }

    private static Hop hop(Block block) {
        String exception = block.word(EXCEPTION);
        String message = block.text(MESSAGE);
        Integer attempts = block.decimalInt(ATTEMPTS) != null ? block.attempts(ATTEMPTS) : block.i32(ATTEMPTS);
        return Hop.at(
                        ID,
                        block.topic(TOPIC),
                        block.decimalInt(PARTITION) != null ? block.decimalInt(PARTITION) : block.i32(PARTITION),
                        block.decimal(OFFSET) != null ? block.decimal(OFFSET) : block.i64(OFFSET))
                .timestamp(block.decimal(TIMESTAMP) != null ? block.decimal(TIMESTAMP) : block.i64(TIMESTAMP))
                .failed(new Failure(
                        exception != null ? exception : block.word(FAILURE_TYPE),
                        null,
                        message != null ? message : block.text(FAILURE_MESSAGE),
                        null,
                        attempts != null && attempts > 0 ? attempts : null))
                .detail("channel", block.word(CHANNEL));
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
