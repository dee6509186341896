package dev.redrive;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double, each spread by half, so that processes do not come back in step. Of one event loop. */
public final class Backoff {

    private final Duration first;
    private final Duration last;
    private Duration wait;

    /** From 0.2 s to 30 s, for what waits for Kafka or Postgres to come back. */
    public Backoff() {
        this(Duration.ofMillis(200), Duration.ofSeconds(30));
    }

    /** @param last the longest; not shorter than {@code first} */
    public Backoff(Duration first, Duration last) {
        this.first = first;
        this.last = last;
        this.wait = first;
    }

    /** @return how long to wait now, to the millisecond */
    public Duration next() {
        long half = wait.toMillis() / 2;
        var doubled = wait.multipliedBy(2);
        wait = doubled.compareTo(last) < 0 ? doubled : last;
        return Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1));
    }

    /** What failed went well: the next wait is the first again. */
    public void over() {
        wait = first;
    }
}
