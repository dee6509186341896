package dev.redrive.cluster;

import org.jspecify.annotations.Nullable;

/**
 * All that was found about a topic and its dead-letter topic.
 *
 * @param role of the topic, where it holds no dead letters
 * @param origin whose dead letters the topic holds; null where it holds none, or that is not known
 * @param letters the dead-letter topic, which may be the topic itself; null where there is none
 * @param hidden the other half, where Kafka refuses to show it to us; else null
 * @param stored what Redrive has of it; without meaning where there is none
 * @param rights what Redrive may do besides; without meaning where there is none, too
 * @param told whether somebody hears of the letters
 */
record ReadinessFacts(
        TopicState topic,
        TopicRole role,
        @Nullable TopicState origin,
        @Nullable TopicState letters,
        @Nullable String hidden,
        int brokers,
        ReadinessPart<ReadinessSample> sample,
        ReadinessPart<ReadinessDisk> disk,
        ReadinessPart<ReadinessStore.Stored> stored,
        ReadinessPart<ReadinessRights> rights,
        ReadinessPart<Told.Answer> told) {

    boolean isDeadLetterTopic() {
        return letters != null && letters.name().equals(topic.name());
    }

    /** The side where records come from and replays go to; null where it is not known. */
    @Nullable
    TopicState source() {
        return isDeadLetterTopic() ? origin : topic;
    }
}
