package dev.redrive.convention;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Payload;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of share groups, KIP-1191 (4.4, {@code org.apache.kafka.server.share.dlq.ShareGroupDLQStateManager}).
 * Headers of the source are never copied, key and value only where {@code copy.record.enable} is on: by default the
 * letter is a pointer, and sending it would write a tombstone that nobody wrote.
 */
final class KafkaShareGroup implements Convention {
    private static final String ID = "kafka-share-group";
    private static final String TOPIC = "__dlq.errors.topic";
    private static final String PARTITION = "__dlq.errors.partition";
    private static final String OFFSET = "__dlq.errors.offset";
    private static final String GROUP = "__dlq.errors.group";
    private static final String DELIVERIES = "__dlq.errors.delivery.count";
    private static final String MESSAGE = "__dlq.errors.message";
    private static final Set<String> OWN = Set.of(TOPIC, PARTITION, OFFSET, GROUP, DELIVERIES, MESSAGE);

    /** Kafka writes the id where it cannot resolve the name. Words in lower case are taken for a name. */
    private static final Pattern TOPIC_ID = Pattern.compile("(?=.*[A-Z])[A-Za-z0-9_-]{22}");

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
        String topic = block.topic(TOPIC);
        boolean id = topic != null && TOPIC_ID.matcher(topic).matches();
        Hop hop = Hop.at(ID, id ? null : topic, block.decimalInt(PARTITION), block.decimal(OFFSET))
                .group(block.word(GROUP))
                .failed(new Failure(null, null, block.text(MESSAGE), null, block.attempts(DELIVERIES)))
                .detail("topicIsUuid", id ? "true" : null)
                .detail("topicId", id ? topic : null);
        boolean pointer = evidence.key() == null && evidence.value() == null;
        return pointer ? Sighting.of(hop).pointing(Payload.ABSENT) : Sighting.of(hop);
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
