package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watermill 1.5 with watermill-kafka 3.1, {@code message/router/middleware/poison.go}. Metadata is a map: a second
 * poisoning overwrites the first. The default marshaler never writes the record's key, so the original's is lost.
 */
final class Watermill implements Convention {
    private static final String ID = "watermill";
    private static final String REASON = "reason_poisoned";
    private static final String TOPIC = "topic_poisoned";
    private static final String HANDLER = "handler_poisoned";
    private static final String SUBSCRIBER = "subscriber_poisoned";
    private static final Set<String> OWN = Set.of(REASON, TOPIC, HANDLER, SUBSCRIBER);

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
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), null, null)
                .failed(new Failure(null, null, block.text(REASON), null, null))
                .detail("handler", block.word(HANDLER))
                .detail("subscriber", block.word(SUBSCRIBER)));
    }
}
