package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** laravel-kafka 2.11 (PHP), {@code src/Consumers/Consumer.php}: the failure alone, without coordinates. */
final class LaravelKafka implements Convention {
    private static final String ID = "laravel-kafka";
    private static final String EXCEPTION = "kafka_throwable_class_name";
    private static final String MESSAGE = "kafka_throwable_message";
    private static final String CODE = "kafka_throwable_code";
    private static final Set<String> OWN = Set.of(EXCEPTION, MESSAGE, CODE);

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
        return Sighting.of(Hop.at(ID, null, null, null)
                .failed(new Failure(block.word(EXCEPTION), null, block.text(MESSAGE), null, null))
                .detail("code", block.word(CODE)));
    }
}
