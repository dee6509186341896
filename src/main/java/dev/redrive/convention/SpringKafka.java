package dev.redrive.convention;

import dev.redrive.letter.Failure;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code org.springframework.kafka.listener.DeadLetterPublishingRecoverer}, 2.2 to 4.1, also as the recoverer of
 * Spring's handlers for Kafka Streams and of Spring Cloud Stream's batch listeners. original-* is appended at each
 * failure; exception-* is appended before 2.8 and replaced since.
 */
final class SpringKafka implements Convention {
    static final String ID = "spring-kafka";
    /** Retry topics write the group under this name too, with the rest of another family. */
    static final String GROUP = "kafka_dlt-original-consumer-group";

    private static final Convention CLOUD_STREAM = new SpringCloudStream();
    private static final String TOPIC = "kafka_dlt-original-topic";
    private static final String PARTITION = "kafka_dlt-original-partition";
    private static final String OFFSET = "kafka_dlt-original-offset";
    private static final String TIMESTAMP = "kafka_dlt-original-timestamp";
    private static final String TIMESTAMP_TYPE = "kafka_dlt-original-timestamp-type";
    private static final String DELIVERY_ATTEMPT = "kafka_deliveryAttempt";
    private static final List<String> ORIGINAL = List.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, TIMESTAMP_TYPE, GROUP);
    static final Set<String> COORDINATES = Names.without(ORIGINAL, GROUP);
    private static final SpringExceptions EXCEPTIONS = new SpringExceptions("kafka_dlt-");
    private static final Set<String> OWN = Names.union(
            ORIGINAL,
            EXCEPTIONS.names(),
            Set.of(
                    // A Java object that older versions would deserialize, and fail the healthy record for.
                    "springDeserializerExceptionKey",
                    "springDeserializerExceptionValue",
                    DELIVERY_ATTEMPT,
                    "kafka_listenerInfo"));
    private static final Set<String> MARKS = Names.without(Names.union(ORIGINAL, EXCEPTIONS.names()), GROUP);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAny(MARKS)) {
            return null;
        }
        List<Block> blocks = new ArrayList<>(originals(evidence));
        int last = blocks.size() - 1;
        blocks.set(last, attempted(blocks.get(last), evidence));
        var hops = new ArrayList<Hop>();
        for (Block block : blocks) {
            var numbers = block.binary(PARTITION, OFFSET, TIMESTAMP, isTextual(block));
            hops.add(Hop.at(ID, block.topic(TOPIC), numbers.partition(), numbers.offset())
                    .timestamp(numbers.timestamp())
                    .group(block.word(GROUP)));
        }
        hops.set(last, failed(hops.get(last), blocks.get(last), evidence));
        return Sighting.of(hops);
    }

    private static Block attempted(Block block, Evidence evidence) {
        Buffer attempt = evidence.newest(Set.of(DELIVERY_ATTEMPT)).values().get(DELIVERY_ATTEMPT);
        return block.and(DELIVERY_ATTEMPT, attempt);
    }

    private static boolean isTextual(Block block) {
        return block.isTextual(PARTITION, OFFSET, TIMESTAMP) || block.isText(DELIVERY_ATTEMPT, Integer.BYTES);
    }

    private static List<Block> originals(Evidence evidence) {
        List<Block> blocks = new ArrayList<>(evidence.blocks(COORDINATES, Set.of()));
        boolean retried = SpringRetryTopics.isOn(evidence);
        if (blocks.isEmpty()) {
            return List.of(evidence.newest(retried ? Set.of() : Set.of(GROUP)));
        }
        return retried
                ? withGroupsFromBehind(blocks, groups(evidence, COORDINATES, SpringRetryTopics.ORIGINAL))
                : evidence.blocks(ORIGINAL, Set.of());
    }

    /** The groups that one of the two families wrote: each stands behind the coordinates that go with it. */
    static List<@Nullable Buffer> groups(Evidence evidence, Collection<String> family, Collection<String> other) {
        List<@Nullable Buffer> groups = evidence.behind(GROUP, family, other);
        boolean sorted =
                groups.isEmpty() && evidence.behind(GROUP, other, family).isEmpty();
        return sorted ? evidence.all(GROUP) : groups;
    }

    /** Where headers were sorted by name, the groups of retry topics are taken for the older ones. */
    private static List<Block> withGroupsFromBehind(List<Block> blocks, List<@Nullable Buffer> groups) {
        int surplus = groups.size() - blocks.size();
        var result = new ArrayList<Block>();
        for (int i = 0; i < blocks.size(); i++) {
            int group = i + surplus;
            result.add(group < 0 ? blocks.get(i) : blocks.get(i).and(GROUP, groups.get(group)));
        }
        return result;
    }

    private static Hop failed(Hop hop, Block latest, Evidence evidence) {
        Integer attempts = latest.i32(DELIVERY_ATTEMPT, isTextual(latest));
        Failure failure = EXCEPTIONS.latest(evidence, COORDINATES, attempts != null && attempts > 0 ? attempts : null);
        return hop.failed(failure).detail("keyException", EXCEPTIONS.ofKey(evidence, COORDINATES) ? "true" : null);
    }

    /** Spring Cloud Stream's handlers for Kafka Streams write these headers without a group, to topics of its names. */
    @Override
    public Hop complete(Hop hop, Set<String> topics) {
        return hop.consumerGroup() == null ? CLOUD_STREAM.complete(hop, topics) : hop;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
