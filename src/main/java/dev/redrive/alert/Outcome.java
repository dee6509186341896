package dev.redrive.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt means for its delivery.
 *
 * @param state the delivery's from now on: {@code pending}, {@code delivered} or {@code dead}
 * @param retryIn until the next attempt, where there is one
 * @param pause how long the endpoint gets nothing at all, because it asked for that
 * @param status of the response, null where there was none
 * @param error null where the event was delivered
 * @param endpointGone the endpoint is disabled, and everything on its way to it is dead
 */
record Outcome(
        String state,
        Duration retryIn,
        Duration pause,
        @Nullable Integer status,
        @Nullable String error,
        boolean endpointGone) {

    static Outcome delivered(int status) {
        return new Outcome("delivered", Duration.ZERO, Duration.ZERO, status, null, false);
    }

    static Outcome again(Duration retryIn, Duration pause, @Nullable Integer status, String error) {
        return new Outcome("pending", retryIn, pause, status, error, false);
    }

    /** The schedule has ended. */
    static Outcome dead(Duration pause, @Nullable Integer status, String error) {
        return new Outcome("dead", Duration.ZERO, pause, status, error, false);
    }

    static Outcome gone() {
        return new Outcome("dead", Duration.ZERO, Duration.ZERO, 410, "the endpoint answered 410 Gone", true);
    }
}
