package dev.redrive;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The time that a turn may take. A future cannot be stopped from outside: what outlasts its time goes on, and so it has to
 * ask before each step whether it still may. Then the next turn meets the step in hand at most, and that step has a timeout
 * of its own. Any thread may ask.
 */
public final class TimeLimit {

    private volatile boolean over;

    private TimeLimit() {}

    /**
     * @param most to the millisecond
     * @param work asks {@link #pass} before each of its steps
     * @return as the work; fails with a {@link TimeoutException} where that takes longer
     */
    public static <T> Future<T> within(Duration most, Function<TimeLimit, Future<T>> work) {
        var limit = new TimeLimit();
        return work.apply(limit)
                .timeout(most.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(givenUp -> limit.over = true);
    }

    /** For {@code compose}, before a step. @return the value; fails once the work was given up or has failed elsewhere */
    public <T> Future<T> pass(T value) {
        return over
                ? Future.failedFuture(new TimeoutException("It was given up, and begins nothing more"))
                : Future.succeededFuture(value);
    }
}
