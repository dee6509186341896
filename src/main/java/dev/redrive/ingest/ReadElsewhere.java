package dev.redrive.ingest;

import dev.redrive.letter.Arrival;
import dev.redrive.letter.Reading;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A letter that another Redrive read from Kafka.
 *
 * @param arrival with all of its bytes; with none where {@code storage} is {@link Storage#POINTER}
 * @param valueSize bytes of the value, also where it is not held; null for a tombstone
 * @param contentHash SHA-256; whoever gives the bytes has checked it
 * @param reading texts may be of any length and hold anything
 * @param replayId from our own header, also where the headers are not held
 */
public record ReadElsewhere(
        Arrival arrival,
        Storage storage,
        @Nullable Long valueSize,
        Buffer contentHash,
        Instant failedAt,
        Reading reading,
        @Nullable UUID replayId) {}
