package dev.redrive.cluster;

import static dev.redrive.cluster.TopicState.CLEANUP;
import static dev.redrive.cluster.TopicState.MESSAGE_BYTES;
import static dev.redrive.cluster.TopicState.MIN_ISR;
import static dev.redrive.cluster.TopicState.RETENTION_BYTES;
import static dev.redrive.cluster.TopicState.RETENTION_MS;
import static dev.redrive.cluster.TopicState.UNCLEAN;

/** What may be set about a new topic, in the order in which one thinks about it. */
enum TopicParameter {
    PARTITIONS(
            "partitions",
            "Into how many parts it is divided; so many consumers of one group can work at once. Records of a key stay in order within one. Can be raised later, never lowered."),
    REPLICATION_FACTOR(
            "replicationFactor", "How many brokers hold a copy. With 3, one may fail while another is being upgraded."),
    MIN_INSYNC(
            MIN_ISR,
            "How many copies must have a record before it counts as written with acks=all. 2 of 3 survives the loss of any broker."),
    CLEANUP_POLICY(
            CLEANUP, "delete removes old records by age and size; compact keeps the newest of each key for ever."),
    RETENTION_TIME(
            RETENTION_MS,
            "How long records are kept, in ms; -1 for ever. How long you may sleep before they are gone."),
    RETENTION_SIZE(
            RETENTION_BYTES,
            "Most bytes of one partition, the oldest go first; -1 for no bound. What keeps a flood from filling the disk."),
    SEGMENT(
            "segment.bytes",
            "Bytes of one log file. Records are removed by whole files, so a large one keeps them longer than asked."),
    COMPRESSION("compression.type", "producer keeps what the producer chose, and costs the broker nothing."),
    LARGEST_MESSAGE(
            MESSAGE_BYTES,
            "Largest batch of records, in bytes. A dead letter is larger than what failed: it carries the stack trace."),
    UNCLEAN_ELECTION(
            UNCLEAN,
            "Whether a copy that is behind may become the leader. true trades acknowledged records for uptime.");

    private final String parameter;
    private final String meaning;

    TopicParameter(String parameter, String meaning) {
        this.parameter = parameter;
        this.meaning = meaning;
    }

    /** Kafka's name of a setting, or the field of the request. */
    String parameter() {
        return parameter;
    }

    String meaning() {
        return meaning;
    }

    String valueIn(TopicPlan plan) {
        return switch (this) {
            case PARTITIONS -> Integer.toString(plan.partitions());
            case REPLICATION_FACTOR -> Integer.toString(plan.replicationFactor());
            default -> plan.configs().getOrDefault(parameter, "");
        };
    }

    boolean isConfig() {
        return this != PARTITIONS && this != REPLICATION_FACTOR;
    }
}
