package dev.redrive.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a planned topic comes into.
 *
 * @param topics names that are taken
 * @param origin the topic whose dead letters it is to hold, as it is now; null for any other topic
 * @param holdsLetters whether it is to hold dead letters, by what was asked for or by its name
 * @param isRead whether Redrive reads a topic of this name by itself
 */
record TopicSurroundings(
        int brokers, Set<String> topics, @Nullable TopicState origin, boolean holdsLetters, boolean isRead) {

    TopicSurroundings {
        topics = Set.copyOf(topics);
    }
}
