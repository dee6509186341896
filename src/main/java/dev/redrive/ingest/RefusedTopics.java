package dev.redrive.ingest;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Topics that we had no right to read when we last tried. One of them fails the whole poll, so they are left alone for a
 * while, and the others flow. Used on one event loop.
 */
final class RefusedTopics {

    static final Duration PAUSE = Duration.ofSeconds(10);

    private final Map<String, Long> until = new HashMap<>();

    void add(Collection<String> topics) {
        long end = System.nanoTime() + PAUSE.toNanos();
        topics.forEach(topic -> until.put(topic, end));
    }

    /** Those that are left alone now. */
    Set<String> now() {
        long now = System.nanoTime();
        until.values().removeIf(end -> now - end > 0);
        return Set.copyOf(until.keySet());
    }
}
