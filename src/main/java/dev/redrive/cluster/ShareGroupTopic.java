package dev.redrive.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A share group (KIP-932) and a topic it reads.
 *
 * @param state {@code stable}, {@code empty}, {@code dead} or {@code unknown}
 * @param members of the group; null where Kafka did not say
 * @param partitions of the topic that it reads or has read
 * @param lag records of them that are not done with; null where Kafka did not say it of each
 */
record ShareGroupTopic(
        String group,
        String topic,
        String state,
        @Nullable Integer members,
        int partitions,
        @Nullable Long lag) {}
