package dev.redrive.convention;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sentry arroyo 2.42 (Python), {@code arroyo/dlq.py}: partition and offset, appended, and nothing else. */
final class SentryArroyo implements Convention {
    private static final String ID = "sentry-arroyo";
    private static final String PARTITION = "original_partition";
    private static final String OFFSET = "original_offset";
    /** Which arroyo does not write, and Karafka wrote beside the same two names. */
    private static final String KARAFKAS_TOPIC = "original_topic";

    private static final Set<String> NAMES = Set.of(PARTITION, OFFSET);

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public Set<String> borrowed() {
        return NAMES;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAll(PARTITION, OFFSET) || evidence.has(KARAFKAS_TOPIC)) {
            return null;
        }
        return Sighting.of(evidence.blocks(NAMES, Set.of()).stream()
                .map(block -> Hop.at(ID, null, block.decimalInt(PARTITION), block.decimal(OFFSET)))
                .toList());
    }

    @Override
    public boolean needsHint() {
        return true;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
