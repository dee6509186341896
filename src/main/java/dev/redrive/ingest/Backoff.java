package dev.redrive.ingest;

import java.util.concurrent.ThreadLocalRandom;

/** Waits that double from 0.2 s to 30 s, each spread by half, so that processes do not come back in step. */
final class Backoff {

    private static final long FIRST_MILLIS = 200;
    private static final long LAST_MILLIS = 30_000;

    private long millis = FIRST_MILLIS;

    /** @return how long to wait now, in milliseconds */
    long next() {
        long now = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        millis = Math.min(LAST_MILLIS, millis * 2);
        return now;
    }
}
