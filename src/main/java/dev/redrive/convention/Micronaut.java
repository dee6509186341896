package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Micronaut Kafka 5.10 and 6.0, {@code io.micronaut.configuration.kafka.processor.ConsumerState}: headers are
 * replaced, so a dead letter of a dead letter has lost its origin. The record keeps its timestamp. Its retry topics
 * (6.0) write a count, which a replay must not keep, and the time until which a consumer waits.
 */
final class Micronaut implements Convention {
    private static final String ID = "micronaut-kafka";
    private static final String EXCEPTION = "micronaut-kafka-exception-class";
    private static final String MESSAGE = "micronaut-kafka-exception-message";
    private static final String TOPIC = "micronaut-kafka-original-topic";
    private static final String PARTITION = "micronaut-kafka-original-partition";
    private static final String OFFSET = "micronaut-kafka-original-offset";
    private static final String RETRY_ATTEMPT = "micronaut-kafka-retry-attempt";
    private static final String RETRY_DUE = "micronaut-kafka-retry-due-timestamp";
    private static final Set<String> MARKS = Set.of(EXCEPTION, MESSAGE, TOPIC, PARTITION, OFFSET);
    private static final Set<String> OWN = Names.union(MARKS, Set.of(RETRY_ATTEMPT, RETRY_DUE));

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAny(MARKS)) {
            return null;
        }
        Block block = evidence.newest(OWN);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .keepingTimestamp()
                .failed(new Failure(block.word(EXCEPTION), null, block.text(MESSAGE), null, null))
                .detail("retryCountRaw", block.decimal(RETRY_ATTEMPT)));
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
