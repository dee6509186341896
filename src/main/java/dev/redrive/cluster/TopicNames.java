package dev.redrive.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the names of topics alone tell. Pure; any thread may ask. */
public interface TopicNames {

    /**
     * @param topics names of all topics of the cluster
     * @return whether it is read for its name, before anybody looked at a record
     */
    boolean isDeadLetterTopic(String topic, Set<String> topics);

    /**
     * @param topics names of all topics of the cluster
     * @return whether it is read for its name, or once its records have shown that it holds dead letters
     */
    boolean mayHoldDeadLetters(String topic, Set<String> topics);

    /** @return the topic whose dead letters it holds, where the name tells and that topic exists; else null */
    @Nullable
    String originOf(String topic, Set<String> topics);

    /** @return what a topic that holds no dead letters is there for */
    TopicRole roleOf(String topic);
}
