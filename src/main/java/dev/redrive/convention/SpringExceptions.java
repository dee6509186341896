package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The exception headers of {@code org.springframework.kafka.support.KafkaHeaders}, which the recoverer and the retry
 * topics write with different beginnings. A failure of the key alone stands under names of its own.
 */
final class SpringExceptions {
    private final String type;
    private final String cause;
    private final String message;
    private final String stackTrace;
    private final String keyType;
    private final String keyMessage;
    private final String keyStackTrace;

    SpringExceptions(String beginning) {
        type = beginning + "exception-fqcn";
        cause = beginning + "exception-cause-fqcn";
        message = beginning + "exception-message";
        stackTrace = beginning + "exception-stacktrace";
        keyType = beginning + "key-exception-fqcn";
        keyMessage = beginning + "key-exception-message";
        keyStackTrace = beginning + "key-exception-stacktrace";
    }

    Set<String> names() {
        return Set.of(type, cause, message, stackTrace, keyType, keyMessage, keyStackTrace);
    }

    boolean ofKey(Evidence evidence) {
        return evidence.hasAny(List.of(keyType, keyMessage, keyStackTrace));
    }

    /** The last block of the value's failure, or of the key's where the key alone failed. */
    Failure latest(Evidence evidence, @Nullable Integer attempts) {
        int value = evidence.lastIndexOf(Set.of(type, message, stackTrace));
        // One failure of both writes the key's first; a key's behind a value's is a newer failure of the key alone.
        boolean ofValue = value >= 0 && value > evidence.lastIndexOf(Set.of(keyType, keyMessage, keyStackTrace));
        List<Block> blocks = ofValue
                ? evidence.blocks(List.of(type, cause, message, stackTrace), Set.of())
                : evidence.blocks(List.of(keyType, cause, keyMessage, keyStackTrace), Set.of());
        if (blocks.isEmpty()) {
            return new Failure(null, null, null, null, attempts);
        }
        Block block = blocks.get(blocks.size() - 1);
        return new Failure(
                block.word(ofValue ? type : keyType),
                block.word(cause),
                block.text(ofValue ? message : keyMessage),
                block.word(ofValue ? stackTrace : keyStackTrace),
                attempts);
    }
}
