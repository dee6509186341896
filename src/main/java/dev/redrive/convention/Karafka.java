package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Karafka Pro 2.6, {@code lib/karafka/pro/processing/strategies/dlq/default.rb}; merged into the headers, so they
 * never repeat, and without a word about the error. Pro's piping writes the same names on records that did not fail.
 * Open-source Karafka sends the bare payload, which nothing but the topic's name tells.
 */
final class Karafka implements Convention {
    private static final String ID = "karafka";
    private static final String TOPIC = "source_topic";
    private static final String PARTITION = "source_partition";
    private static final String OFFSET = "source_offset";
    private static final String GROUP = "source_consumer_group";
    private static final String ATTEMPTS = "source_attempts";
    private static final String TRACE = "source_trace_id";
    private static final Set<String> NAMES = Set.of(TOPIC, PARTITION, OFFSET, GROUP, ATTEMPTS, TRACE);

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
        if (!evidence.hasAll(TOPIC, PARTITION, OFFSET) || !(evidence.has(GROUP) || evidence.has(ATTEMPTS))) {
            return null;
        }
        Block block = evidence.newest(NAMES);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .group(block.word(GROUP))
                .failed(new Failure(null, null, null, null, block.attempts(ATTEMPTS))));
    }

    @Override
    public boolean needsHint() {
        return true;
    }
}
