package dev.redrive.convention;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Payload;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kafka Streams' own dead-letter queue, KIP-1034 (4.2 and later,
 * {@code org.apache.kafka.streams.errors.internals.ExceptionHandlerUtils}), and bakdata's handlers, which write under
 * the same beginning: {@code com.bakdata.kafka.ErrorHeaderProcessor} with other names for the exception, and
 * {@code FilteringProcessingExceptionHandler} with two more. Streams appends six headers at each failure; bakdata
 * replaces its own and the coordinates. The record keeps its timestamp.
 *
 * <p>A punctuator has no source record: no topic, and null key and value that are no tombstone.
 */
final class KafkaStreams implements Convention {
    private static final String ID = "kafka-streams";
    private static final String TOPIC = "__streams.errors.topic";
    private static final String PARTITION = "__streams.errors.partition";
    private static final String OFFSET = "__streams.errors.offset";
    private static final String EXCEPTION = "__streams.errors.exception";
    private static final String MESSAGE = "__streams.errors.message";
    private static final String STACK_TRACE = "__streams.errors.stacktrace";
    private static final String DESCRIPTION = "__streams.errors.description";
    private static final String BAKDATA_EXCEPTION = "__streams.errors.exception.class.name";
    private static final String BAKDATA_MESSAGE = "__streams.errors.exception.message";
    private static final String BAKDATA_STACK_TRACE = "__streams.errors.exception.stack_trace";
    private static final String NODE = "__streams.errors.processor.node.id";
    private static final String TASK = "__streams.errors.task.id";
    private static final List<String> BAKDATA_HEADERS =
            List.of(BAKDATA_EXCEPTION, BAKDATA_MESSAGE, BAKDATA_STACK_TRACE, DESCRIPTION);
    private static final Set<String> OWN = Names.union(
            List.of(TOPIC, PARTITION, OFFSET, EXCEPTION, MESSAGE, STACK_TRACE, NODE, TASK), BAKDATA_HEADERS);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAny(OWN)) {
            return null;
        }
        Sighting sighting = Sighting.of(evidence.blocks(OWN, Set.of(EXCEPTION)).stream()
                .map(KafkaStreams::hop)
                .toList());
        boolean noSource = sighting.oldest().topic() == null && evidence.key() == null && evidence.value() == null;
        return noSource ? sighting.without(Payload.ABSENT) : sighting;
    }

    private static Hop hop(Block block) {
        return BAKDATA_HEADERS.stream().anyMatch(block::has) ? bakdata(block) : streams(block);
    }

    private static Hop streams(Block block) {
        boolean filtered = block.has(NODE) || block.has(TASK);
        return at(filtered ? BakdataEnvelope.ID : ID, block)
                .keepingTimestamp()
                .failed(new Failure(block.word(EXCEPTION), null, block.text(MESSAGE), block.word(STACK_TRACE), null))
                .detail("processorNode", block.word(NODE))
                .detail("task", block.word(TASK));
    }

    private static Hop bakdata(Block block) {
        return at(BakdataEnvelope.ID, block)
                .failed(new Failure(
                        block.word(BAKDATA_EXCEPTION),
                        null,
                        block.text(BAKDATA_MESSAGE),
                        block.word(BAKDATA_STACK_TRACE),
                        null))
                .detail("description", block.word(DESCRIPTION));
    }

    private static Hop at(String convention, Block block) {
        return Hop.at(convention, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET));
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
