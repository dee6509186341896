package dev.redrive.alert;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failed attempt. Jitter makes a wait up to a fifth longer and never shorter, so that many
 * events that failed together do not come back together.
 */
final class RetrySchedule {

    /** 5 s to 24 h: with the first attempt nine over one and a half days. */
    private static final List<Duration> STANDARD = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(8),
            Duration.ofHours(24));

    /** As many attempts there are at most. */
    static final int ATTEMPTS = STANDARD.size() + 1;

    /** From the first attempt to the last. */
    static final Duration WHOLE = STANDARD.stream().reduce(Duration.ZERO, Duration::plus);

    /** A receiver that asks for more than this is taken to mean this. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private final List<Duration> waits;
    private final RandomGenerator random;

    RetrySchedule(List<Duration> waits, RandomGenerator random) {
        this.waits = List.copyOf(waits);
        this.random = random;
    }

    static RetrySchedule standard(RandomGenerator random) {
        return new RetrySchedule(STANDARD, random);
    }

    /**
     * @param attempts made so far, from 1
     * @param asked what the receiver's Retry-After asks for at least, zero for nothing
     * @return empty when the schedule has ended
     */
    Optional<Duration> after(int attempts, Duration asked) {
        if (attempts > waits.size()) {
            return Optional.empty();
        }
        var wait = waits.get(attempts - 1);
        var later = wait.plusMillis((long) (wait.toMillis() * 0.2 * random.nextDouble()));
        var atLeast = bounded(asked);
        return Optional.of(later.compareTo(atLeast) > 0 ? later : atLeast);
    }

    /** What the receiver asks for, as far as we do it. */
    Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
