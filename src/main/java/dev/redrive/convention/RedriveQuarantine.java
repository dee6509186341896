package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record that an operator took out of the way of a consumer group with Redrive itself. Nothing failed that anybody
 * wrote down: what the operator said stands for the message.
 */
final class RedriveQuarantine implements Convention {
    private static final String ID = "redrive-quarantine";
    private static final String TOPIC = "redrive-origin-topic";
    private static final String PARTITION = "redrive-origin-partition";
    private static final String OFFSET = "redrive-origin-offset";
    private static final String TIMESTAMP = "redrive-origin-timestamp";
    private static final String GROUP = "redrive-origin-consumer-group";
    private static final String REASON = "redrive-quarantine-reason";
    private static final Set<String> OWN = Set.of(ID, TOPIC, PARTITION, OFFSET, TIMESTAMP, GROUP, REASON);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAll(ID, TOPIC)) {
            return null;
        }
        Block block = evidence.newest(OWN);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .timestamp(block.decimal(TIMESTAMP))
                .group(block.word(GROUP))
                .failed(new Failure(null, null, block.word(REASON), null, null))
                .detail("quarantine", block.word(ID)));
    }
}
