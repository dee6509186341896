package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code org.springframework.cloud.stream.binder.kafka.KafkaMessageChannelBinder#handleRecordForDlq}: the x-* headers,
 * all appended at each failure. The group is only in the topic name, {@code error.<topic>.<group>}, where both parts
 * may hold dots. The same names embedded in the value are read by {@link SpringCloudStreamEmbedded}.
 */
final class SpringCloudStream implements Convention {
    static final String ID = "spring-cloud-stream-kafka";
    static final String TOPIC = "x-original-topic";
    static final String PARTITION = "x-original-partition";
    static final String OFFSET = "x-original-offset";
    static final String TIMESTAMP = "x-original-timestamp";
    static final String TIMESTAMP_TYPE = "x-original-timestamp-type";
    static final String EXCEPTION = "x-exception-fqcn";
    static final String MESSAGE = "x-exception-message";
    static final String STACK_TRACE = "x-exception-stacktrace";
    static final Set<String> NAMES =
            Set.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, TIMESTAMP_TYPE, EXCEPTION, MESSAGE, STACK_TRACE);
    private static final String ERROR = "error.";

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
        boolean failed = evidence.hasAny(List.of(EXCEPTION, MESSAGE, STACK_TRACE));
        if (!evidence.has(TOPIC) || !failed) {
            return null;
        }
        return Sighting.of(evidence.blocks(NAMES, Set.of()).stream()
                .map(SpringCloudStream::hop)
                .toList());
    }

    private static Hop hop(Block block) {
        var numbers = block.binary(PARTITION, OFFSET, TIMESTAMP);
        return Hop.at(ID, block.topic(TOPIC), numbers.partition(), numbers.offset())
                .timestamp(numbers.timestamp())
                .failed(new Failure(block.word(EXCEPTION), null, block.text(MESSAGE), block.word(STACK_TRACE), null));
    }

    @Override
    public Hop complete(Hop hop, Set<String> topics) {
        String from = hop.topic();
        return topics.stream()
                .filter(topic -> from != null && isOfItsLetters(topic, from))
                .filter(topic ->
                        topics.stream().noneMatch(other -> isLonger(other, from) && isOfItsLetters(topic, other)))
                // The letters of those letters have a longer name.
                .min(Comparator.comparingInt(String::length))
                .map(topic -> hop.group(topic.substring((ERROR + from + ".").length()))
                        .detail("consumerGroupSource", "dlqTopicName"))
                .orElse(hop);
    }

    private static boolean isLonger(String other, @Nullable String topic) {
        return topic != null && other.length() > topic.length();
    }

    private static boolean isOfItsLetters(String topic, String from) {
        String beginning = ERROR + from + ".";
        return topic.startsWith(beginning) && topic.length() > beginning.length();
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
