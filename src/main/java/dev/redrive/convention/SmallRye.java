package dev.redrive.convention;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SmallRye Reactive Messaging and Quarkus, {@code failure-strategy=dead-letter-queue}:
 * {@code io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue}, 2.9 to 4.36. Its headers stand before the
 * copied ones of the incoming record, so the first block is the newest. The class names are written since 3.21.
 */
final class SmallRye implements Convention {
    static final String ID = "smallrye-reactive-messaging";

    private static final SmallRyeBlock BLOCK = new SmallRyeBlock("dead-letter-");

    /** Of DeserializationFailureHandler: -dlq would make the next consumer refuse the record, -data doubles it. */
    private static final Set<String> DESERIALIZATION = Set.of(
            "deserialization-failure-reason",
            "deserialization-failure-cause",
            "deserialization-failure-key",
            "deserialization-failure-topic",
            "deserialization-failure-data",
            "deserialization-failure-key-data",
            "deserialization-failure-value-data",
            "deserialization-failure-deserializer",
            "deserialization-failure-dlq",
            "deserialization-failure-share-ack-type");

    private static final Set<String> OWN = Names.union(BLOCK.names(), DESERIALIZATION);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        return BLOCK.isOn(evidence) ? Sighting.of(BLOCK.hops(evidence)) : null;
    }

    /** The default name holds the channel's, not the topic's. */
    @Override
    public boolean isItsTopic(String topic) {
        return topic.startsWith("dead-letter-topic-");
    }

    @Override
    public boolean prepends() {
        return true;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
