package dev.redrive.replay;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param letterVersion the letter as the caller saw it; null where the caller does not say
 * @param draftVersion the draft the caller approved; null where the caller does not say
 * @param target null for the draft's own, or the origin
 * @param overrides words of the contract's Override
 * @param delay during which the replay can be undone
 * @param strict refused where the cluster gives less than strict proof
 */
record ReplayAsk(
        long letterId,
        @Nullable Integer letterVersion,
        Source source,
        @Nullable Integer draftVersion,
        @Nullable Target target,
        Set<String> overrides,
        Duration delay,
        @Nullable String reason,
        boolean strict) {
    ReplayAsk {
        overrides = Set.copyOf(overrides);
    }

    /** As surely as the cluster lets us. */
    ReplayAsk(
            long letterId,
            @Nullable Integer letterVersion,
            Source source,
            @Nullable Integer draftVersion,
            @Nullable Target target,
            Set<String> overrides,
            Duration delay,
            @Nullable String reason) {
        this(letterId, letterVersion, source, draftVersion, target, overrides, delay, reason, false);
    }
}
