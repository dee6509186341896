package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Micronaut Kafka 5.10 and 6.0, {@code io.micronaut.configuration.kafka.processor.ConsumerState}: headers are
 * replaced, so a dead letter of a dead letter has lost its origin. The record keeps its timestamp.
 */
final class Micronaut implements Convention {
    private static final String ID = "micronaut-kafka";
    private static final String EXCEPTION = "micronaut-kafka-exception-class";
    private static final String MESSAGE = "micronaut-kafka-exception-message";
    private static final String TOPIC = "micronaut-kafka-original-topic";
    private static final String PARTITION = "micronaut-kafka-original-partition";
    private static final String OFFSET = "micronaut-kafka-original-offset";
    private static final Set<String> OWN = Set.of(EXCEPTION, MESSAGE, TOPIC, PARTITION, OFFSET);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAny(OWN)) {
            return null;
        }
        Block block = evidence.newest(OWN);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .keepingTimestamp()
                .failed(new Failure(block.word(EXCEPTION), null, block.text(MESSAGE), null, null)));
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
