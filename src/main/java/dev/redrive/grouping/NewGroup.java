package dev.redrive.grouping;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fingerprint that was met while reading letters, with where it was met first; it may be known already.
 *
 * @param topic dead-letter topic of the letter
 * @param seenAt when that letter failed
 */
public record NewGroup(
        Fingerprint fingerprint,
        @Nullable String originTopic,
        String topic,
        @Nullable String consumerGroup,
        String convention,
        Instant seenAt) {}
