package dev.redrive.convention;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of topics that are never read by default, whatever they look like (topic-names.md §3). */
final class FalseFriends {
    private static final Pattern INTERNAL = pattern("__.*"
            + "|_schemas|_confluent.*|_redpanda.*|connect-(?:configs|offsets|status)|strimzi\\.cruisecontrol\\..*|mm2-.*"
            + "|.*\\.checkpoints\\.internal|(?:.+\\.)?heartbeats|.*ksql_processing_log");

    /** Of Kafka Streams, joins by foreign key with and without a name among them, as its StreamsResetter knows them. */
    private static final Pattern STREAMS = pattern(
            ".+-(?:changelog|repartition|(?:KTABLE-FK-JOIN-)?SUBSCRIPTION-(?:REGISTRATION|RESPONSE)(?:-[0-9]+)?-topic)");

    /** Records still on their way: Spring, Greyhound, Decaton, Micronaut, SmallRye, Wolverine, Uber. */
    private static final Pattern RETRY = pattern(".+[._-]retry(?:[._-][0-9]+(?:ms|s|m|h|d)?)*|.+__(?:retry|resq)");

    /** Confluent's Reporter. */
    private static final Pattern SUCCESS = pattern("success-.+");

    /** About dead letters, not holding them. */
    private static final Pattern WATCHING = pattern("dlq[._-](?:metrics|alerts|audit)");

    private FalseFriends() {}

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    static boolean isOne(String topic, Set<String> existingTopics) {
        return why(topic, existingTopics).isPresent();
    }

    /** @return why a topic of this name is not read, as the end of a sentence; empty for one that may be read */
    static Optional<String> why(String topic, Set<String> existingTopics) {
        if (isInternal(topic)) {
            return Optional.of("internal to Kafka or a framework");
        }
        if (isRetry(topic)) {
            return Optional.of("a retry topic: its records are still on their way");
        }
        // A source topic of such a name may have a dead-letter topic of its own.
        if (SUCCESS.matcher(topic).matches() && !DeadLetterNames.namesItsOrigin(topic)) {
            return Optional.of("a topic of successes");
        }
        if (WATCHING.matcher(topic).matches()) {
            return Optional.of("about dead letters, not holding them");
        }
        return isReplica(topic, existingTopics)
                ? Optional.of("a replica of " + topic.substring(topic.indexOf('.') + 1) + ", which is read")
                : Optional.empty();
    }

    /** A topic that only the instances of one Streams application write to and read. */
    static boolean isInternalToStreams(String topic) {
        return STREAMS.matcher(topic).matches();
    }

    /** A topic of Kafka itself or of a framework, which no operator writes to. */
    static boolean isInternal(String topic) {
        return INTERNAL.matcher(topic).matches() || isInternalToStreams(topic);
    }

    static boolean isRetry(String topic) {
        return RETRY.matcher(topic).matches();
    }

    /**
     * MirrorMaker's {@code <alias>.orders-dlt} beside {@code orders-dlt}: reading both would double every letter. The
     * letters of those who read {@code orders-dlt} may lie in {@code dlq.orders-dlt}, which is none.
     */
    private static boolean isReplica(String topic, Set<String> existingTopics) {
        int dot = topic.indexOf('.');
        String original = topic.substring(dot + 1);
        return dot > 0
                && existingTopics.contains(original)
                && DeadLetterNames.namesItsOrigin(original)
                && !DeadLetterNames.isPrefix(topic.substring(0, dot));
    }
}
