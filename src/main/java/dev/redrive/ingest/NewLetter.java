package dev.redrive.ingest;

import dev.redrive.grouping.NewGroup;
import dev.redrive.letter.StackTraceText;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A letter as it goes into its row: the bytes, what was read from them, and the group its failure belongs to. */
record NewLetter(Place place, Bytes bytes, Derived derived, NewGroup group) {

    /**
     * @param timestamp as on the record, any long
     * @param failedAt the same made safe for a timestamptz
     */
    record Place(
            int topicRef,
            int partition,
            long offset,
            int leaderEpoch,
            long timestamp,
            short timestampType,
            Instant failedAt) {}

    /**
     * @param value whole, also where it is stored in chunks; null for a tombstone and where only a pointer is kept
     * @param trace stored apart; where there is none and yet a trace was reported, a header holds it
     */
    record Bytes(
            Storage storage,
            @Nullable Buffer key,
            @Nullable Buffer value,
            @Nullable Long valueSize,
            @Nullable Buffer headers,
            @Nullable StackTraceText trace,
            @Nullable Buffer unwrapped,
            Buffer hash) {}

    /**
     * Bounded and free of NUL, every part of it.
     *
     * @param latest JSON, as is {@code details}
     * @param replayDrops a literal of {@code text[]}
     */
    record Derived(
            String payload,
            boolean replayable,
            String convention,
            @Nullable String originTopic,
            @Nullable Integer originPartition,
            @Nullable Long originOffset,
            @Nullable Long originTimestamp,
            @Nullable String originGroup,
            @Nullable String originInferredFrom,
            @Nullable String exceptionClass,
            @Nullable String causeClass,
            @Nullable String message,
            @Nullable Integer attempts,
            @Nullable String latest,
            @Nullable String details,
            String replayDrops,
            @Nullable UUID replayId) {}
}
