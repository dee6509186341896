package dev.redrive.cluster;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Something that was to be measured. One that fails does not hide the others.
 *
 * @param value empty where it could not be measured
 * @param whyNot a sentence; empty with a value
 */
record ReadinessPart<T>(Optional<T> value, String whyNot) {

    private static final int PATIENCE_SECONDS = 12;

    static <T> ReadinessPart<T> of(T value) {
        return new ReadinessPart<>(Optional.of(value), "");
    }

    static <T> ReadinessPart<T> unknown(String whyNot) {
        return new ReadinessPart<>(Optional.empty(), whyNot);
    }

    /** Never fails, and takes 12 s at most. */
    static <T> Future<ReadinessPart<T>> measured(Future<T> measuring) {
        return measuring
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .map(ReadinessPart::of)
                .otherwise(failure -> unknown(
                        failure instanceof TimeoutException
                                ? "There was no answer in time."
                                : failure.getClass().getSimpleName() + ": " + failure.getMessage()));
    }

    ReadinessCheck check(ReadinessAspect aspect, String topic, Function<T, ReadinessCheck> decide) {
        return value.map(decide).orElseGet(() -> aspect.unknown(topic, whyNot));
    }
}
