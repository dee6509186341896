package dev.redrive.ingest;

import dev.redrive.convention.TopicName;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Which topics of a cluster are read now. Written by the discovery, read by every ingest verticle. */
final class TopicList {

    private volatile Set<String> current = Set.of();
    private volatile Map<String, TopicName> names = Map.of();
    private volatile Set<String> paused = Set.of();
    private volatile Map<TopicPartition, Long> positions = Map.of();

    Set<String> current() {
        return current;
    }

    /** @param judged of each of the topics, what its name tells beside the other topics of the cluster */
    void set(Map<String, TopicName> judged) {
        names = Map.copyOf(judged);
        current = names.keySet();
    }

    TopicName name(String topic) {
        var judged = names.get(topic);
        return judged == null ? TopicName.judge(topic, Set.of()) : judged;
    }

    /** Our positions in Postgres as of the last look; each look has an object of its own. */
    Map<TopicPartition, Long> positions() {
        return positions;
    }

    void positions(Map<TopicPartition, Long> looked) {
        positions = looked;
    }

    /** Those that an operator asked not to read for now; they stay assigned, so that reading goes on at once. */
    Set<String> paused() {
        return paused;
    }

    void pause(Set<String> topics) {
        paused = Set.copyOf(topics);
    }
}
