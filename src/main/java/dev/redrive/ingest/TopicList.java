package dev.redrive.ingest;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Which topics of a cluster are read now. Written by the discovery, read by every ingest verticle. */
final class TopicList {

    private volatile Set<String> current = Set.of();
    private volatile Set<String> paused = Set.of();
    private volatile Map<TopicPartition, Long> positions = Map.of();

    Set<String> current() {
        return current;
    }

    void set(Set<String> topics) {
        current = Set.copyOf(topics);
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
