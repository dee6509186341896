package dev.redrive.replay;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One wish to send one letter to one target, with its fate.
 *
 * @param outcome word of the contract, null until it is sent
 * @param sent where it lies in the target, null until that is known
 * @param abortedCopy where readers of uncommitted data may have met a second copy; null where there is none
 * @param abortedCopyUnknown whether such a copy may exist that was not searched for to the end
 */
record Replay(
        UUID id,
        long letterId,
        ReplayState state,
        @Nullable String outcome,
        Source source,
        @Nullable Integer draftVersion,
        String cluster,
        String topic,
        int lane,
        @Nullable Place sent,
        int attempt,
        @Nullable UUID jobId,
        Mode mode,
        @Nullable String reason,
        @Nullable String error,
        boolean possibleDuplicate,
        @Nullable Place abortedCopy,
        boolean abortedCopyUnknown,
        @Nullable Long returnedAs,
        String requestedBy,
        OffsetDateTime notBefore,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    record Place(int partition, long offset) {}
}
