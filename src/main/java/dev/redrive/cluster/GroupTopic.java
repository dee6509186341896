package dev.redrive.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A consumer group and a topic it reads, besides its offsets.
 *
 * @param type {@code classic}, {@code consumer} or {@code streams}; null where Kafka did not say
 * @param members of the group; null where Kafka did not say
 * @param uncommitted partitions of the topic that the group never committed an offset for. How far behind it is there
 *     nobody can tell: that depends on the {@code auto.offset.reset} of its consumers
 */
record GroupTopic(
        String group,
        String topic,
        @Nullable String type,
        @Nullable Integer members,
        int uncommitted) {}
