package dev.redrive.convention;

import dev.redrive.letter.Content;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Uber's uForwarder and kafka-client ({@code dlq_metadata.proto}, {@code ProcessorMessage.java}): the record's key is a
 * protobuf message that holds the original key; value and headers are the record's own. Any short key may parse as
 * protobuf, so it is trusted on topics of their naming alone. The group is only in the name,
 * {@code <topic>__<group>__dlq}.
 */
final class UberForwarder implements Convention {
    private static final String ID = "uber-uforwarder";
    private static final Pattern NAME = Pattern.compile(".+__(?:dlq|retry|resq)");
    private static final int RETRIES = 1;
    private static final int TOPIC = 2;
    private static final int PARTITION = 3;
    private static final int OFFSET = 4;
    private static final int TIMESTAMP_NANOS = 5;
    private static final int KEY = 6;
    private static final int TIMEOUTS = 7;

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        Protobuf key = NAME.matcher(evidence.topic()).matches() ? Protobuf.read(evidence.key()) : null;
        String topic = key == null ? null : Text.topic(key.text(TOPIC));
        if (key == null || topic == null || !key.hasOnly(TIMEOUTS)) {
            return null;
        }
        Long nanos = key.number(TIMESTAMP_NANOS);
        Hop hop = Hop.at(ID, topic, Block.narrow(key.number(PARTITION)), key.number(OFFSET))
                .timestamp(nanos == null || nanos == 0 ? null : (Long) (nanos / 1_000_000))
                .group(TopicName.judge(evidence.topic(), Set.of()).consumerGroup())
                .detail("retryCountRaw", key.number(RETRIES));
        return Sighting.of(hop)
                .unwrapping(new Content(
                        key.bytes(KEY),
                        evidence.value(),
                        evidence.arrival().content().headers()));
    }

    @Override
    public Hop complete(Hop hop, Set<String> topics) {
        String beginning = hop.topic() + "__";
        return topics.stream()
                .filter(topic ->
                        topic.startsWith(beginning) && NAME.matcher(topic).matches())
                .map(topic ->
                        topic.substring(beginning.length(), Math.max(beginning.length(), topic.lastIndexOf("__"))))
                .filter(group -> !group.isEmpty())
                .findFirst()
                .map(hop::group)
                .orElse(hop);
    }
}
