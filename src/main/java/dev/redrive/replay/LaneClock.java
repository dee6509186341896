package dev.redrive.replay;

import java.util.concurrent.TimeUnit;

/**
 * The database's clock: what it said when the lane was taken, and what went by since. Receipts are dated by it, because
 * by a host that is a day ahead Kafka would refuse them, and by one that is a month behind it would soon remove them.
 *
 * @param millis since 1970
 * @param nanos of {@link System#nanoTime} at that moment
 */
record LaneClock(long millis, long nanos) {

    static LaneClock at(long millis) {
        return new LaneClock(millis, System.nanoTime());
    }

    /** @return ms since 1970 */
    long now() {
        return millis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
