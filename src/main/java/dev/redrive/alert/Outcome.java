package dev.redrive.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt means for its delivery.
 *
 * @param state the delivery's from now on: {@code pending}, {@code delivered} or {@code dead}
 * @param retryIn until the next attempt, where there is one
 * @param pause how long the endpoint gets nothing at all, because it asked for that or its kind wants it
 * @param status of the response, null where there was none
 * @param error null where the event was delivered
 * @param endpointGone the endpoint is disabled, and everything on its way to it is dead
 * @param latency how long the attempt took
 */
record Outcome(
        String state,
        Duration retryIn,
        Duration pause,
        @Nullable Integer status,
        @Nullable String error,
        boolean endpointGone,
        Duration latency) {

    static Outcome delivered(int status) {
        return new Outcome("delivered", Duration.ZERO, Duration.ZERO, status, null, false, Duration.ZERO);
    }

    static Outcome again(Duration retryIn, Duration pause, @Nullable Integer status, String error) {
        return new Outcome("pending", retryIn, pause, status, error, false, Duration.ZERO);
    }

    /** The schedule has ended. */
    static Outcome dead(Duration pause, @Nullable Integer status, String error) {
        return new Outcome("dead", Duration.ZERO, pause, status, error, false, Duration.ZERO);
    }

    static Outcome gone() {
        return new Outcome(
                "dead", Duration.ZERO, Duration.ZERO, 410, "the endpoint answered 410 Gone", true, Duration.ZERO);
    }

    Outcome after(Duration took) {
        return new Outcome(state, retryIn, pause, status, error, endpointGone, took);
    }

    /** @param least how long the endpoint is left alone in any case */
    Outcome pausing(Duration least) {
        var longer = pause.compareTo(least) > 0 ? pause : least;
        return new Outcome(state, retryIn, longer, status, error, endpointGone, latency);
    }

    /** What nobody waits for is not tried again. */
    Outcome atOnce() {
        return state.equals("pending")
                ? dead(pause, status, String.valueOf(error)).after(latency)
                : this;
    }
}
