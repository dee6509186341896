package dev.redrive.convention;

import dev.redrive.letter.Payload;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The draft of KIP-1317, not accepted as of Nov 2026: read for what it names, never relied on. */
final class KafkaConsumerDraft implements Convention {
    private static final String ID = "kip-1317";
    private static final String DISPOSITION = "_dlq.errors.disposition";
    private static final String TOPIC = "_dlq.errors.original.topic";
    private static final String PARTITION = "_dlq.errors.original.partition";
    private static final String OFFSET = "_dlq.errors.original.offset";
    private static final Set<String> OWN = Set.of(DISPOSITION, TOPIC, PARTITION, OFFSET);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAny(OWN)) {
            return null;
        }
        Block block = evidence.newest(OWN);
        Hop hop = Hop.at(
                        ID,
                        block.topic(TOPIC),
                        block.decimalInt(PARTITION) != null ? block.decimalInt(PARTITION) : block.i32(PARTITION),
                        block.decimal(OFFSET) != null ? block.decimal(OFFSET) : block.i64(OFFSET))
                .detail("disposition", block.word(DISPOSITION));
        boolean pointer = evidence.key() == null && evidence.value() == null;
        return pointer ? Sighting.of(hop).pointing(Payload.ABSENT) : Sighting.of(hop);
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
