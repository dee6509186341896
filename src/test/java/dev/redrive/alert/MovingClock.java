package dev.redrive.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** It starts at the present, because the database's own times are of the present, and moves only by hand. One hand at a time. */
final class MovingClock extends Clock {

    private volatile Instant now = Instant.now();

    /** @param time back where it is negative */
    void move(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
