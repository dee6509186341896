package dev.redrive.ingest;

import dev.redrive.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What thousands of letters have in common; a row of {@code letter_kind}. */
record LetterKind(
        int topicRef,
        @Nullable String originTopic,
        @Nullable String originGroup,
        String convention,
        @Nullable String exceptionClass,
        @Nullable String causeClass) {

    private static final int KEY_BYTES = 16;

    static LetterKind of(NewLetter letter) {
        var derived = letter.derived();
        return new LetterKind(
                letter.place().topicRef(),
                derived.originTopic(),
                derived.originGroup(),
                derived.convention(),
                derived.exceptionClass(),
                derived.causeClass());
    }

    /** The same for the same parts in every process. */
    Buffer key() {
        var parts = Buffer.buffer().appendInt(topicRef);
        part(parts, originTopic);
        part(parts, originGroup);
        part(parts, convention);
        part(parts, exceptionClass);
        part(parts, causeClass);
        return Buffer.buffer(Sha256.of(parts.getBytes())).getBuffer(0, KEY_BYTES);
    }

    private static void part(Buffer to, @Nullable String part) {
        var bytes = part == null ? null : part.getBytes(StandardCharsets.UTF_8);
        to.appendInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            to.appendBytes(bytes);
        }
    }
}
