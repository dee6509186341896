package dev.redrive.cluster;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the topic that the dead letters of another one go to: letters prove it, before the first one only a name can. */
final class DeadLetterTopicOf {

    private final TopicNames names;
    private final ReadinessStore store;

    DeadLetterTopicOf(TopicNames names, ReadinessStore store) {
        this.names = names;
        this.store = store;
    }

    /**
     * @param cluster Kafka's id of it
     * @param all names of all topics of the cluster
     */
    Future<Optional<String>> find(String cluster, String topic, Set<String> all) {
        return store.lettersOf(cluster, topic)
                .otherwise(Optional.empty())
                .map(seen -> seen.filter(letters -> all.contains(letters) && !letters.equals(topic))
                        .or(() -> candidates(topic, all)
                                .filter(other -> topic.equals(names.originOf(other, all)))
                                .sorted()
                                .findFirst()));
    }

    private static Stream<String> candidates(String topic, Set<String> all) {
        return all.stream().filter(other -> other.length() > topic.length() && other.contains(topic));
    }
}
