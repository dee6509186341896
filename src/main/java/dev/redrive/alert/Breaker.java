package dev.redrive.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leaves an endpoint alone that takes nothing, instead of waiting out its silence with every message. One trial after the
 * other says whether it is back; what was not tried has lost no attempt. All that is remembered is in the endpoint's row,
 * so any process makes the next trial.
 *
 * @param failures in a row by which it opens
 * @param waits for the trials, the last of them again and again
 * @param patience with an endpoint that takes nothing at all; then it is switched off, if somebody can be told of that
 */
record Breaker(int failures, List<Duration> waits, Duration patience) {

    static final Breaker STANDARD = new Breaker(
            5,
            List.of(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10)),
            Duration.ofHours(24));

    /**
     * How an endpoint stood before an attempt.
     *
     * @param failures in a row
     * @param failingSince the first of them; null where there is none
     * @param open whether the attempt is a trial, or what a person asked for meanwhile
     * @param spare whether another endpoint takes alerts, so that somebody hears that this one is off
     */
    record Standing(int failures, @Nullable Instant failingSince, boolean open, boolean spare) {

        /** Of an endpoint that takes what it is sent. */
        static final Standing WELL = new Standing(0, null, false, false);
    }

    Breaker {
        waits = List.copyOf(waits);
    }

    /** @param at when the attempt was made, by the clock that wrote the standing */
    Outcome judge(Standing before, Instant at, Outcome outcome) {
        int failed = before.failures() + 1;
        if (outcome.error() == null || outcome.switchedOff() != null || failed < failures) {
            return outcome;
        }
        return isLost(before, at)
                ? outcome.switchingOff("took nothing for " + patience.toHours() + " hours")
                : outcome.trialIn(waits.get(Math.min(failed - failures, waits.size() - 1)));
    }

    private boolean isLost(Standing before, Instant at) {
        var since = before.failingSince();
        return before.spare() && since != null && !since.plus(patience).isAfter(at);
    }
}
