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
    private final Set<String> ofValue;
    private final Set<String> ofKey;

    SpringExceptions(String beginning) {
        type = beginning + "exception-fqcn";
        cause = beginning + "exception-cause-fqcn";
        message = beginning + "exception-message";
        stackTrace = beginning + "exception-stacktrace";
        keyType = beginning + "key-exception-fqcn";
        keyMessage = beginning + "key-exception-message";
        keyStackTrace = beginning + "key-exception-stacktrace";
        ofValue = Set.of(type, message, stackTrace);
        ofKey = Set.of(keyType, keyMessage, keyStackTrace);
    }

    Set<String> names() {
        return Set.of(type, cause, message, stackTrace, keyType, keyMessage, keyStackTrace);
    }

    /**
     * Whether the latest failure was of the key, or of both.
     *
     * @param ends names of headers that stand between one failure and the next
     */
    boolean ofKey(Evidence evidence, Set<String> ends) {
        int key = evidence.lastIndexOf(ofKey);
        int value = evidence.lastIndexOf(ofValue);
        return key >= 0 && (value < key || !evidence.hasBetween(key, value, ends));
    }

    /**
     * The last block of the value's failure, or of the key's where the key alone failed.
     *
     * @param ends names of headers that stand between one failure and the next
     */
    Failure latest(Evidence evidence, Set<String> ends, @Nullable Integer attempts) {
        int value = evidence.lastIndexOf(ofValue);
        // One failure of both writes the key's first; a key's behind a value's is a newer failure of the key alone.
        boolean valueFailed = value >= 0 && value > evidence.lastIndexOf(ofKey);
        List<Block> blocks = valueFailed
                ? evidence.blocks(List.of(type, cause, message, stackTrace), Set.of())
                : evidence.blocks(List.of(keyType, cause, keyMessage, keyStackTrace), Set.of());
        if (blocks.isEmpty()) {
            return new Failure(null, null, null, null, attempts);
        }
        Block block = blocks.get(blocks.size() - 1);
        String text = valueFailed ? message : keyMessage;
        int written = evidence.lastIndexOf(valueFailed ? Set.of(type, stackTrace) : Set.of(keyType, keyStackTrace));
        return new Failure(
                block.word(valueFailed ? type : keyType),
                isOlder(evidence, cause, written, ends) ? null : block.word(cause),
                isOlder(evidence, text, written, ends) ? null : block.text(text),
                block.word(valueFailed ? stackTrace : keyStackTrace),
                attempts);
    }

    /**
     * Since 2.8 a failure takes away only the headers that it writes itself, so that one without a message or a cause
     * leaves those of the failure before it: all that stands between two failures stands between them and its class.
     */
    private static boolean isOlder(Evidence evidence, String name, int written, Set<String> ends) {
        int at = evidence.lastIndexOf(Set.of(name));
        return at >= 0
                && evidence.hasAny(ends)
                && ends.stream().filter(evidence::has).allMatch(end -> evidence.hasBetween(at, written, Set.of(end)));
    }
}
