package dev.redrive.convention;

import dev.redrive.letter.Failure;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Non-blocking retries ({@code @RetryableTopic}) of Spring Kafka 2.7 to 4.1:
 * {@code org.springframework.kafka.retrytopic.DeadLetterPublishingRecovererFactory}. original-* is written once and
 * stays the main topic's, whatever the hop; retry_topic-* is appended at each hop. A replay that kept retry_topic-*
 * would find its attempts and its timeout used up and go straight back to the dead-letter topic.
 */
final class SpringRetryTopics implements Convention {
    private static final String TOPIC = "kafka_original-topic";
    private static final String PARTITION = "kafka_original-partition";
    private static final String OFFSET = "kafka_original-offset";
    private static final String TIMESTAMP = "kafka_original-timestamp";
    private static final String TIMESTAMP_TYPE = "kafka_original-timestamp-type";
    private static final String ATTEMPTS = "retry_topic-attempts";
    private static final String FIRST_TIMESTAMP = "retry_topic-original-timestamp";
    private static final String BACKOFF_TIMESTAMP = "retry_topic-backoff-timestamp";
    static final List<String> ORIGINAL = List.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, TIMESTAMP_TYPE);
    private static final List<String> RETRY = List.of(ATTEMPTS, FIRST_TIMESTAMP, BACKOFF_TIMESTAMP);
    private static final SpringExceptions EXCEPTIONS = new SpringExceptions("kafka_");
    private static final Set<String> OWN = Names.union(ORIGINAL, RETRY, EXCEPTIONS.names());

    static boolean isOn(Evidence evidence) {
        return evidence.hasAny(OWN);
    }

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!isOn(evidence)) {
            return null;
        }
        Block original = evidence.oldest(ORIGINAL);
        Block retry = evidence.newest(RETRY);
        boolean textual = original.isTextual(PARTITION, OFFSET, TIMESTAMP) || isTextual(retry);
        var numbers = original.binary(PARTITION, OFFSET, TIMESTAMP, textual);
        Integer next = retry.byteOrInt(ATTEMPTS, textual);
        Integer attempts = next == null || next < 2 ? null : (Integer) (next - 1);
        Failure failure = EXCEPTIONS.latest(evidence, Set.copyOf(RETRY), attempts);
        Long timestamp = numbers.timestamp() != null ? numbers.timestamp() : retry.bigInteger(FIRST_TIMESTAMP);
        return Sighting.of(Hop.at(SpringKafka.ID, original.topic(TOPIC), numbers.partition(), numbers.offset())
                .timestamp(timestamp)
                .group(group(evidence))
                .failed(failure)
                .detail("keyException", EXCEPTIONS.ofKey(evidence, Set.copyOf(RETRY)) ? "true" : null));
    }

    private static boolean isTextual(Block retry) {
        return retry.isText(ATTEMPTS, Byte.BYTES) && retry.isText(ATTEMPTS, Integer.BYTES)
                || retry.isLongText(FIRST_TIMESTAMP)
                || retry.isLongText(BACKOFF_TIMESTAMP);
    }

    private static @Nullable String group(Evidence evidence) {
        List<@Nullable Buffer> groups = SpringKafka.groups(evidence, ORIGINAL, SpringKafka.COORDINATES);
        String group = groups.isEmpty() ? null : Text.of(groups.get(0));
        return group == null || group.isEmpty() ? null : group;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
