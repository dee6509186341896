package dev.redrive.ingest;

import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition of one incarnation of a topic: the same name with another id is another topic, whose offsets begin anew.
 *
 * @param cluster Kafka's own cluster id
 * @param topicRef row of the incarnation in {@code dead_letter_topic}
 */
record Incarnation(String cluster, TopicPartition partition, UUID topicId, int topicRef) {}
