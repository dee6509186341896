package dev.redrive.convention;

import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Karafka Pro, {@code lib/karafka/pro/processing/strategies/dlq/default.rb}; merged into the headers, so they never
 * repeat, and without a word about the error. Up to 2.4 the names began with {@code original_}, and the record's key
 * was the number of the partition and the original's a header. Open-source Karafka sends the bare payload, which
 * nothing but the topic's name tells.
 */
final class Karafka implements Convention {
    private static final String ID = "karafka";
    private final String topic;
    private final String partition;
    private final String offset;
    private final String group;
    private final String attempts;
    private final @Nullable String key;
    private final Set<String> names;

    private Karafka(String beginning, @Nullable String key) {
        topic = beginning + "topic";
        partition = beginning + "partition";
        offset = beginning + "offset";
        group = beginning + "consumer_group";
        attempts = beginning + "attempts";
        String further = key != null ? key : beginning + "trace_id";
        names = Set.of(topic, partition, offset, group, attempts, further);
        this.key = key;
    }

    static Karafka since25() {
        return new Karafka("source_", null);
    }

    static Karafka before25() {
        return new Karafka("original_", "original_key");
    }

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public Set<String> borrowed() {
        return names;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAll(topic, partition, offset) || !failed(evidence)) {
            return null;
        }
        Block block = evidence.newest(names);
        Sighting sighting =
                Sighting.of(Hop.at(ID, block.topic(topic), block.decimalInt(partition), block.decimal(offset))
                        .group(block.word(group))
                        .failed(new Failure(null, null, null, null, block.attempts(attempts))));
        return key == null || !evidence.has(key)
                ? sighting
                : sighting.unwrapping(new Content(
                        known(block.values().get(key)),
                        evidence.value(),
                        evidence.arrival().content().headers()));
    }

    /**
     * Pro's piping writes the same without attempts, on records that did not fail. All five together are nobody else's;
     * of fewer the topic's name has to hint at failures too.
     */
    private boolean failed(Evidence evidence) {
        boolean all = evidence.hasAll(group, attempts);
        return all || (evidence.has(group) || evidence.has(attempts)) && evidence.isHintedAt();
    }

    /** Ruby wrote what is not there as an empty text. */
    private static @Nullable Buffer known(@Nullable Buffer written) {
        return written == null || written.length() == 0 ? null : written;
    }
}
