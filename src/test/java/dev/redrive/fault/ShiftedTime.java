package dev.redrive.fault;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** A host clock that somebody sets again and again, by minutes and by days. Intervals ({@code nanoTime}) are right. */
public final class ShiftedTime {

    private static final List<Duration> JUMPS = List.of(
            Duration.ZERO, Duration.ofMinutes(10), Duration.ofDays(-1), Duration.ofMinutes(-10), Duration.ofDays(1));
    private static final long EVERY_NANOS = Duration.ofMillis(1_500).toNanos();
    private static final long BEGUN = System.nanoTime();

    private ShiftedTime() {}

    /** Stands for {@link System#currentTimeMillis}. */
    public static long millis() {
        var jump = JUMPS.get((int) ((System.nanoTime() - BEGUN) / EVERY_NANOS % JUMPS.size()));
        return System.currentTimeMillis() + jump.toMillis();
    }

    /** Stands for {@link Instant#now()}. */
    public static Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /** Stands for {@link OffsetDateTime#now()}. */
    public static OffsetDateTime offset() {
        return instant().atOffset(ZoneOffset.UTC);
    }

    /** Stands for {@link Clock#systemUTC()}. */
    public static Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return ShiftedTime.instant();
            }
        };
    }
}
