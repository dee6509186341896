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
 */
record ReplayAsk(
        long letterId,
        @Nullable Integer letterVersion,
        Source source,
        @Nullable Integer draftVersion,
        @Nullable Target target,
        Set<String> overrides,
        Duration delay,
        @Nullable String reason) {
    ReplayAsk {
        overrides = Set.copyOf(overrides);
    }
}
