package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trendyol kafka-konsumer 2.3 and kafka-cronsumer 1.6 (Go), {@code message.go}: the error is appended, counters are
 * set in place and count retries from 0 in a way of their own; {@code x-produce-time} is that of the last send.
 */
final class TrendyolKonsumer implements Convention {
    private static final String ID = "trendyol-kafka-konsumer";
    private static final String ERROR = "x-error-message";
    private static final String RETRIES = "x-retry-count";
    private static final Set<String> COUNTERS = Set.of(RETRIES, "x-retry-attempt-count", "x-produce-time");
    private static final Set<String> NAMES = Names.union(COUNTERS, List.of(ERROR));

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
        if (!evidence.has(ERROR)) {
            return null;
        }
        Block block = evidence.newest(NAMES);
        return Sighting.of(Hop.at(ID, null, null, null)
                .failed(new Failure(null, null, block.text(ERROR), null, null))
                .detail("retryCountRaw", block.decimal(RETRIES)));
    }

    @Override
    public boolean needsHint() {
        return true;
    }

    @Override
    public boolean standsAlone() {
        return true;
    }
}
