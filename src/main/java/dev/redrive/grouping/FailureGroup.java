package dev.redrive.grouping;

import dev.redrive.grouping.Fingerprint.Part;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Letters with the same fingerprint.
 *
 * @param fingerprint 32 hexadecimal digits
 * @param version of the rules that made the fingerprint
 * @param originTopic of the first letter, as are {@code topic} (its dead-letter topic), {@code consumerGroup} and
 *     {@code convention}
 * @param recentLetters that failed in this hour and the one before it
 * @param firstSeenAt when the earliest letter failed, not when we read it; so too {@code lastSeenAt}
 */
public record FailureGroup(
        long id,
        String fingerprint,
        int version,
        String title,
        @Nullable String message,
        @Nullable String culprit,
        @Nullable String originTopic,
        String topic,
        @Nullable String consumerGroup,
        String convention,
        List<Part> parts,
        Instant firstSeenAt,
        Instant lastSeenAt,
        Counts counts,
        long recentLetters,
        Triage triage) {

    public FailureGroup {
        parts = List.copyOf(parts);
    }

    /** Letters by status; {@code letters} is the sum of the others. */
    public record Counts(
            long letters,
            long open,
            long replaying,
            long replayed,
            long recovered,
            long returned,
            long discarded,
            long purged) {

        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);
    }
}
