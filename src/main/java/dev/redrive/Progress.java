package dev.redrive;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether the loops of this process get on. A process that answers its health check may still have a loop that hangs;
 * each loop says here that a turn of it did what it is for. Any thread may call.
 */
public final class Progress {

    /** A turn waits for Kafka or Postgres for seconds; one that takes longer than this hangs or fails again and again. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Set<Loop> loops = ConcurrentHashMap.newKeySet();
    private final Duration patience;
    private final LongSupplier nanos;

    public Progress() {
        this(PATIENCE, System::nanoTime);
    }

    /** @param nanos a clock that never goes back */
    public Progress(Duration patience, LongSupplier nanos) {
        this.patience = patience;
        this.nanos = nanos;
    }

    /** @param name what a person calls it, such as {@code ingest of default}; several loops may share one */
    public Loop loop(String name) {
        var loop = new Loop(name);
        loops.add(loop);
        return loop;
    }

    /** @return names of the loops whose last good turn was too long ago, each once and sorted; empty when all get on */
    public List<String> stuck() {
        long now = nanos.getAsLong();
        return loops.stream()
                .filter(loop -> now - loop.last > patience.toNanos())
                .map(loop -> loop.name)
                .distinct()
                .sorted()
                .toList();
    }

    /** Counts as good at its beginning. */
    public final class Loop {

        private final String name;
        private volatile long last = nanos.getAsLong();

        private Loop(String name) {
            this.name = name;
        }

        /** A turn did what it is for. */
        public void turned() {
            last = nanos.getAsLong();
        }

        /** The loop ends, and nobody waits for it any more. */
        public void ended() {
            loops.remove(this);
        }
    }
}
