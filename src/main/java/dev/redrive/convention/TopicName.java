package dev.redrive.convention;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a topic alone tells, by the ranks of {@code docs/conventions.md}. A name is a hint: a header
 * that names the origin always wins.
 *
 * @param rank 1 (strongest) to 9 (any name); 0 for a topic that is never read by default
 * @param originTopic where the name tells it; in its own case
 * @param verified whether a topic called {@code originTopic} exists
 * @param consumerGroup where the name tells it
 */
public record TopicName(
        String topic,
        int rank,
        Confidence confidence,
        @Nullable String originTopic,
        boolean verified,
        @Nullable String consumerGroup) {

    /** How sure the name alone makes us that this is a dead-letter topic. */
    public enum Confidence {
        CERTAIN,
        HIGH,
        MEDIUM,
        LOW,
        NONE
    }

    public TopicName {
        requireNonNull(topic, "topic");
        requireNonNull(confidence, "confidence");
    }

    /**
     * @param existingTopics names of all topics of the cluster; used to verify an inferred origin
     */
    public static TopicName judge(String topic, Set<String> existingTopics) {
        if (topic.startsWith("__")) {
            return new TopicName(topic, 0, Confidence.NONE, null, false, null);
        }
        return new TopicName(topic, 9, Confidence.NONE, null, false, null);
    }

    /** Never read by default: internals, retry topics, replicas of other clusters' topics, our own topics. */
    public boolean isExcluded() {
        return rank == 0;
    }

    /** Read without looking at any record. */
    public boolean isDeadLetterByName() {
        return !isExcluded() && confidence.compareTo(Confidence.HIGH) <= 0;
    }

    /** Read only if {@link Conventions#recognises} a sampled record. */
    public boolean needsHeaders() {
        return !isExcluded() && !isDeadLetterByName();
    }
}
