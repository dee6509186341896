package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Wolverine 6 (.NET), {@code DeadLetterQueueConstants.cs} and, for its retry tiers, {@code KafkaRetryNaming.cs}. A
 * dictionary, so nothing repeats. {@code original-destination} is an endpoint's URI; after tiers it is the retry topic,
 * and the origin is {@code wolverine-kafka-retry-source}. Envelope headers ({@code id}, {@code attempts}, …) stay.
 */
final class Wolverine implements Convention {
    private static final String ID = "wolverine";
    private static final String EXCEPTION = "exception-type";
    private static final String MESSAGE = "exception-message";
    private static final String STACK_TRACE = "exception-stack";
    private static final String FAILED_AT = "failed-at";
    private static final String DESTINATION = "original-destination";
    private static final String PARTITION = "original-partition";
    private static final String OFFSET = "original-offset";
    private static final String ATTEMPTS = "attempts";
    private static final String RETRY_SOURCE = "wolverine-kafka-retry-source";
    private static final Set<String> RETRY = Set.of(
            RETRY_SOURCE,
            "wolverine-kafka-retry-tier",
            "wolverine-kafka-retry-attempt",
            "wolverine-kafka-retry-first-failed",
            "wolverine-kafka-retry-exception-type",
            "wolverine-kafka-retry-exception-message");
    private static final Set<String> FAILURE =
            Set.of(EXCEPTION, MESSAGE, STACK_TRACE, FAILED_AT, DESTINATION, PARTITION, OFFSET);
    private static final Set<String> READ = Names.union(FAILURE, List.of(ATTEMPTS, RETRY_SOURCE));
    private static final String CUT = "... (truncated)";

    @Override
    public Set<String> own() {
        return RETRY;
    }

    @Override
    public Set<String> borrowed() {
        return FAILURE;
    }

    /** Before GH-3474 there was no destination; the other names are too common to count one by one. */
    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        boolean marked = evidence.has(EXCEPTION)
                && (evidence.has(DESTINATION) || evidence.hasAll(MESSAGE, STACK_TRACE, FAILED_AT));
        if (!marked) {
            return null;
        }
        Block block = evidence.newest(READ);
        Hop failed = failed(block);
        String source = topicOf(block.text(RETRY_SOURCE));
        if (source == null || source.equals(failed.topic())) {
            return Sighting.of(failed);
        }
        Hop origin = Hop.at(ID, source, null, null);
        return failed.topic() == null
                ? Sighting.of(origin.failed(failed.failure()).with(failed.details()))
                : Sighting.of(origin, failed);
    }

    private static Hop failed(Block block) {
        String stackTrace = block.word(STACK_TRACE);
        boolean cut = stackTrace != null && stackTrace.endsWith(CUT);
        return Hop.at(ID, topicOf(block.text(DESTINATION)), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .failed(new Failure(
                        block.word(EXCEPTION), null, block.text(MESSAGE), stackTrace, block.attempts(ATTEMPTS)))
                .detail("stacktraceTruncated", cut ? "true" : null)
                .detail("failedAt", block.decimal(FAILED_AT));
    }

    /** {@code kafka://topic/orders} and {@code orders} alike; other transports have no topic. */
    private static @Nullable String topicOf(@Nullable String destination) {
        if (destination == null || destination.contains("://") && !destination.startsWith("kafka")) {
            return null;
        }
        int end = destination.indexOf('?');
        String path = end < 0 ? destination : destination.substring(0, end);
        return Text.topic(path.substring(path.lastIndexOf('/') + 1));
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
