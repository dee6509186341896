package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter} (KIP-298), 2.0 to 4.3, where
 * {@code errors.deadletterqueue.context.headers.enable} is on; by default it is off and only the name tells. All
 * headers are appended at each failure; the record keeps its timestamp. Sink connectors consume as
 * {@code connect-<name>} unless told otherwise.
 */
final class KafkaConnect implements Convention {
    private static final String ID = "kafka-connect";
    private static final String TOPIC = "__connect.errors.topic";
    private static final String PARTITION = "__connect.errors.partition";
    private static final String OFFSET = "__connect.errors.offset";
    private static final String CONNECTOR = "__connect.errors.connector.name";
    private static final String TASK = "__connect.errors.task.id";
    private static final String STAGE = "__connect.errors.stage";
    private static final String EXECUTING = "__connect.errors.class.name";
    private static final String EXCEPTION = "__connect.errors.exception.class.name";
    private static final String MESSAGE = "__connect.errors.exception.message";
    private static final String STACK_TRACE = "__connect.errors.exception.stacktrace";
    private static final Set<String> OWN =
            Set.of(TOPIC, PARTITION, OFFSET, CONNECTOR, TASK, STAGE, EXECUTING, EXCEPTION, MESSAGE, STACK_TRACE);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.hasAny(OWN)) {
            return null;
        }
        return Sighting.of(
                evidence.blocks(OWN, Set.of()).stream().map(KafkaConnect::hop).toList());
    }

    private static Hop hop(Block block) {
        String connector = block.word(CONNECTOR);
        return Hop.at(ID, block.topic(TOPIC), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .keepingTimestamp()
                .group(connector == null ? null : "connect-" + connector)
                .failed(new Failure(block.word(EXCEPTION), null, block.text(MESSAGE), block.word(STACK_TRACE), null))
                .detail("connector", connector)
                .detail("task", block.word(TASK))
                .detail("stage", block.word(STAGE))
                .detail("executing", block.word(EXECUTING));
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
