package dev.redrive.convention;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a topic alone tells, by the ranks of {@code docs/conventions.md}. A name is a hint: a header
 * that names the origin always wins.
 *
 * @param rank 1 (strongest) to 9 (any name); 0 for a topic that is never read by default
 * @param originTopic where the name tells it; in its own case
 * @param verified whether a topic called {@code originTopic} exists
 * @param consumerGroup where the name tells it
 * @param isDeadLetterByName read without looking at any record
 */
public record TopicName(
        String topic,
        int rank,
        Confidence confidence,
        @Nullable String originTopic,
        boolean verified,
        @Nullable String consumerGroup,
        boolean isDeadLetterByName) {

    private static final int EXCLUDED = 0;
    private static final int LOW_RANK = 8;
    static final int ANY_NAME = 9;
    private static final Pattern LOOKALIKE = Pattern.compile("dlt|dlq", Pattern.CASE_INSENSITIVE);

    /** How sure the name alone makes us that this is a dead-letter topic. */
    public enum Confidence {
        CERTAIN,
        HIGH,
        MEDIUM,
        LOW,
        NONE;

        /** The word used in the API. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public TopicName {
        requireNonNull(topic, "topic");
        requireNonNull(confidence, "confidence");
    }

    /**
     * @param existingTopics names of all topics of the cluster; they verify an inferred origin and show replicas
     */
    public static TopicName judge(String topic, Set<String> existingTopics) {
        if (FalseFriends.isOne(topic, existingTopics)) {
            return excluded(topic);
        }
        TopicName judged = DeadLetterNames.judge(topic, existingTopics);
        return judged != null ? judged : new TopicName(topic, ANY_NAME, Confidence.NONE, null, false, null, false);
    }

    private static TopicName excluded(String topic) {
        return new TopicName(topic, EXCLUDED, Confidence.NONE, null, false, null, false);
    }

    /** Never read by default: internals, retry topics, replicas of other clusters' topics, our own topics. */
    public boolean isExcluded() {
        return rank == EXCLUDED;
    }

    /**
     * Why a topic that looks like a dead-letter topic to people is none to us, for whoever misses it on the screen.
     *
     * @return the end of a sentence; empty where the name would be read, or does not look like one
     */
    public static Optional<String> whyNotRead(String topic, Set<String> existingTopics) {
        return looksLikeDeadLetters(topic) ? FalseFriends.why(topic, existingTopics) : Optional.empty();
    }

    /** Whether people would take it for a dead-letter topic by a glance at its name. */
    public static boolean looksLikeDeadLetters(String topic) {
        return LOOKALIKE.matcher(topic).find() && !topic.startsWith("__");
    }

    /** Kafka's own, or made by a framework for itself. */
    public static boolean isInternal(String topic) {
        return FalseFriends.isInternal(topic);
    }

    /** Whether its records are on their way to a second try. */
    public static boolean isRetry(String topic) {
        return FalseFriends.isRetry(topic);
    }

    /** Read only if {@link Conventions#recognises} a sampled record. */
    public boolean needsHeaders() {
        return !isExcluded() && !isDeadLetterByName;
    }

    /** A word of the name hints at failures, be it ever so weak. */
    boolean hints() {
        return rank > EXCLUDED && rank < ANY_NAME || FalseFriends.isRetry(topic);
    }

    /**
     * The name looks like a dead-letter topic's and is known to mislead where the records say nothing. A weak one beside
     * the topic it is made of does not: somebody asked for it, or a record confirmed it.
     */
    boolean misleads() {
        boolean weak = rank == LOW_RANK && !verified
                || rank == ANY_NAME && LOOKALIKE.matcher(topic).find();
        return isExcluded() || weak || DeadLetterNames.isLedger(this);
    }
}
