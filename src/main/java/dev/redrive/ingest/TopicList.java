package dev.redrive.ingest;

import java.util.Set;

/** Which topics of a cluster are read now. Written by the discovery, read by every ingest verticle. */
final class TopicList {

    private volatile Set<String> current = Set.of();

    Set<String> current() {
        return current;
    }

    void set(Set<String> topics) {
        current = Set.copyOf(topics);
    }
}
