package dev.redrive.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt means for its delivery and its endpoint.
 *
 * @param state the delivery's from now on: {@code pending}, {@code delivered} or {@code dead}
 * @param retryIn until the next attempt, where there is one
 * @param pause how long the endpoint gets nothing at all, because it asked for that or its kind wants it
 * @param status of the response, null where there was none
 * @param error null where the event was delivered
 * @param switchedOff what the endpoint did, such as {@code answered 410 Gone}, for which it is disabled and everything on
 *     its way to it is dead; null while it stays active
 * @param trial until the endpoint is tried again with anything; null while its breaker is closed
 * @param latency how long the attempt took
 */
record Outcome(
        String state,
        Duration retryIn,
        Duration pause,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable String switchedOff,
        @Nullable Duration trial,
        Duration latency) {

    static Outcome delivered(int status) {
        return of("delivered", Duration.ZERO, Duration.ZERO, status, null);
    }

    static Outcome again(Duration retryIn, Duration pause, @Nullable Integer status, String error) {
        return of("pending", retryIn, pause, status, error);
    }

    /** The schedule has ended. */
    static Outcome dead(Duration pause, @Nullable Integer status, String error) {
        return of("dead", Duration.ZERO, pause, status, error);
    }

    static Outcome gone() {
        return dead(Duration.ZERO, 410, "the endpoint answered 410 Gone").switchingOff("answered 410 Gone");
    }

    private static Outcome of(
            String state, Duration retryIn, Duration pause, @Nullable Integer status, @Nullable String error) {
        return new Outcome(state, retryIn, pause, status, error, null, null, Duration.ZERO);
    }

    Outcome after(Duration took) {
        return new Outcome(state, retryIn, pause, status, error, switchedOff, trial, took);
    }

    /** @param least how long the endpoint is left alone in any case */
    Outcome pausing(Duration least) {
        var longer = pause.compareTo(least) > 0 ? pause : least;
        return new Outcome(state, retryIn, longer, status, error, switchedOff, trial, latency);
    }

    /** What nobody waits for is not tried again. */
    Outcome atOnce() {
        return state.equals("pending")
                ? dead(pause, status, String.valueOf(error)).after(latency)
                : this;
    }

    /** The breaker is open. */
    Outcome trialIn(Duration wait) {
        return new Outcome(state, retryIn, pause, status, error, switchedOff, wait, latency);
    }

    /** @param did what the endpoint did, for people: what follows its name */
    Outcome switchingOff(String did) {
        return new Outcome("dead", Duration.ZERO, pause, status, error, did, null, latency);
    }

    /** @return as the endpoint's row and its deliveries say it; null while it stays active */
    @Nullable
    String disabledReason() {
        return switchedOff == null ? null : "the endpoint " + switchedOff;
    }
}
