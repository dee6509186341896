package dev.redrive.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Waits for something that another thread or process does. The only place of the tests that sleeps: it asks again and
 * again, because a row of a database, a record of a broker or a line of another process tells nobody that it is there,
 * and a hook into the product for tests alone would be one more thing that can be wrong. An exception or a
 * failed assertion counts as "not yet"; the last one is the cause of the failure when the time is over.
 */
public final class Eventually {

    private static final long POLL_MILLIS = 20;
    /** Whoever asks takes time from what is waited for: the longer that takes, the less often it is asked. */
    private static final long LONGEST_POLL_MILLIS = 250;

    private static final int POLLS = 40;

    private Eventually() {}

    /** May throw: that counts as false. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Throws as long as it does not hold. */
    @FunctionalInterface
    public interface Assertion {
        void verify() throws Exception;
    }

    /** @throws AssertionError when the condition does not hold in time */
    public static void until(Duration within, Condition condition) {
        until(within, "the condition of " + caller(), condition);
    }

    /** @param expectation completes the sentence "waited 5 s for …" */
    public static void until(Duration within, String expectation, Condition condition) {
        value(within, expectation, () -> condition.holds() ? Optional.of(true) : Optional.empty());
    }

    /** @throws AssertionError what the assertion threw last, with the time that was waited */
    public static void untilAsserted(Duration within, Assertion assertion) {
        value(within, "the assertion of " + caller(), () -> {
            assertion.verify();
            return Optional.of(true);
        });
    }

    /** @return the first value that is present */
    public static <T> T value(Duration within, String expectation, Callable<Optional<T>> source) {
        var begun = System.nanoTime();
        while (true) {
            Throwable reason = null;
            try {
                var found = source.call();
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (Exception | AssertionError notYet) {
                reason = notYet;
            }
            long waited = System.nanoTime() - begun;
            if (waited > within.toNanos()) {
                throw tooLate(within, expectation, reason);
            }
            sleep(Math.min(LONGEST_POLL_MILLIS, Math.max(POLL_MILLIS, waited / 1_000_000 / POLLS)));
        }
    }

    private static AssertionError tooLate(Duration within, String expectation, @Nullable Throwable reason) {
        var because = reason == null ? "" : "; the last try said: " + reason;
        return new AssertionError("Waited " + within.toMillis() + " ms for " + expectation + because, reason);
    }

    /** Between two looks, and nowhere else in the tests: what they wait for lies in other processes, which call nobody back. */
    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting", e);
        }
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Eventually.class.getName()))
                        .findFirst()
                        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                        .orElse("an unknown place"));
    }
}
