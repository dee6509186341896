package dev.redrive.convention;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dapr 1.18, {@code pkg/runtime/subscription/subscription.go#sendToDeadLetter}: the consumer's metadata is sent on as
 * headers, in any order and without an error. What is on the wire wins over what is computed, so that the first origin
 * stays, and a replay that kept them would feed the application stale coordinates.
 */
final class Dapr implements Convention {
    private static final String ID = "dapr";
    private static final String TOPIC = "__topic";
    private static final String PARTITION = "__partition";
    private static final String OFFSET = "__offset";
    private static final String TIMESTAMP = "__timestamp";
    private static final Set<String> NAMES = Set.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, "__key");

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
        if (!evidence.hasAll(TOPIC, OFFSET)) {
            return null;
        }
        Block block = evidence.oldest(NAMES);
        return Sighting.of(Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .timestamp(block.decimal(TIMESTAMP))
                .detail("envelope", isCloudEvent(evidence.value()) ? "cloudevents-structured" : null));
    }

    /** The envelope the application was sent, so it is the payload, not something to take off. */
    private static boolean isCloudEvent(@Nullable Buffer value) {
        return value != null
                && BoundedJson.read(value.getBytes()) instanceof Map<?, ?> event
                && event.containsKey("specversion");
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
