package dev.redrive.replay;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One wish to send one letter to one target, with its fate.
 *
 * @param outcome word of the contract, null until it is sent
 * @param sent where it lies in the target, null until that is known
 * @param abortedCopies where readers of uncommitted data may have met another copy, by partition and offset
 * @param abortedCopyUnknown whether there may be one more, because a search did not come to its end
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
        List<Place> abortedCopies,
        boolean abortedCopyUnknown,
        @Nullable Long returnedAs,
        String requestedBy,
        OffsetDateTime notBefore,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    Replay {
        abortedCopies = List.copyOf(abortedCopies);
    }

    record Place(int partition, long offset) {}
}
