package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a stored letter, exactly as Kafka had them.
 *
 * @param original key, value and headers of the dead letter; empty where {@code storage} is {@link Storage#POINTER},
 *     and then nothing may be made of it
 * @param unwrapped what an envelope held; null where the letter's own bytes are what failed
 * @param stackTrace as bytes of UTF-8, whether it came in a header or in an envelope; null where there is none
 * @param hash SHA-256 of {@code original}, see {@link ContentCodec#hash}
 */
public record LetterContent(
        long id,
        Storage storage,
        Content original,
        @Nullable Content unwrapped,
        @Nullable Buffer stackTrace,
        Buffer hash) {

    /** What a replay sends if nobody edited it: the envelope's content where there is one. */
    public Content payload() {
        return unwrapped == null ? original : unwrapped;
    }
}
