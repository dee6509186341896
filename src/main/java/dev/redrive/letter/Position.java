package dev.redrive.letter;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * Where a dead letter lies. Unique over (cluster, topicId, partition, offset, leaderEpoch): the topic id tells a
 * re-created topic apart, the leader epoch a truncated and rewritten log (KIP-101, KIP-516).
 *
 * @param cluster Kafka's own cluster id, not a name somebody gave
 * @param topicId Kafka's topic id in {@link UUID} form
 * @param offset of the record itself, 0 or more
 * @param leaderEpoch stored by Kafka with the record batch; -1 where the batch has none
 */
public record Position(String cluster, String topic, UUID topicId, int partition, long offset, int leaderEpoch) {
    public static final int NO_EPOCH = -1;

    public Position {
        requireNonNull(cluster, "cluster");
        requireNonNull(topic, "topic");
        requireNonNull(topicId, "topicId");
    }
}
