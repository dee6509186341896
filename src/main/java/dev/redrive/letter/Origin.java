package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * The record that failed first, and so the place a replay goes to. Each part may be unknown, then it is null.
 *
 * @param topic a legal topic name, else null
 * @param offset 0 or more, else null
 * @param timestamp ms since the epoch, 0 or more, else null
 * @param consumerGroup the group that gave up on the origin record
 * @param inferredFrom {@code "topic-name"} where only the dead-letter topic's name told the topic; else null
 */
public record Origin(
        @Nullable String topic,
        @Nullable Integer partition,
        @Nullable Long offset,
        @Nullable Long timestamp,
        @Nullable String consumerGroup,
        @Nullable String inferredFrom) {

    public static final String FROM_TOPIC_NAME = "topic-name";
    public static final Origin UNKNOWN = new Origin(null, null, null, null, null, null);
}
