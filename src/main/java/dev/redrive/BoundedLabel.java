package dev.redrive;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the values of a metric's label few, whatever a cluster holds: those that come after the first ones share
 * {@code other}. Safe from any thread.
 */
public final class BoundedLabel {

    public static final String OTHER = "other";

    /** As many topics as docs/metrics.md promises. */
    public static final int TOPICS = 200;

    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public BoundedLabel(int most) {
        this.most = most;
    }

    public String of(String value) {
        return known.contains(value) || known.size() < most && known.add(value) || known.contains(value)
                ? value
                : OTHER;
    }
}
