package dev.redrive.job;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * When a job begins; until then it can be cancelled, and nothing is done.
 *
 * @param notBefore a time that the caller named; null: after the delay, on the database's clock
 * @param paused whether somebody has to resume it first
 */
record JobStart(@Nullable OffsetDateTime notBefore, Duration delay, boolean paused) {

    static final JobStart AT_ONCE = new JobStart(null, Duration.ZERO, false);

    private static final Duration LONGEST = Duration.ofDays(30);

    /** @param options of the request; what is read is taken out of it */
    static JobStart take(JsonObject options, Duration delay) {
        var notBefore = options.remove("notBefore");
        var given = options.remove("delay");
        boolean paused = paused(options.remove("startPaused"));
        if (notBefore != null && given != null) {
            throw invalid("/options/delay", "Say either delay or notBefore");
        }
        return given == null
                ? new JobStart(time(notBefore), delay, paused)
                : new JobStart(null, duration(given), paused);
    }

    private static boolean paused(@Nullable Object given) {
        if (given == null || given instanceof Boolean) {
            return Boolean.TRUE.equals(given);
        }
        throw invalid("/options/startPaused", "Say true or false");
    }

    private static Duration duration(Object given) {
        try {
            var delay = Duration.parse(given.toString());
            if (!delay.isNegative() && delay.compareTo(LONGEST) <= 0) {
                return delay;
            }
        } catch (DateTimeException invalid) {
            // Told below, as what is out of bounds.
        }
        throw invalid("/options/delay", "A duration from PT0S to P30D, such as PT1H");
    }

    private static @Nullable OffsetDateTime time(@Nullable Object given) {
        if (given == null) {
            return null;
        }
        try {
            var time = Times.read(given.toString());
            if (time.isBefore(OffsetDateTime.now().plus(LONGEST))) {
                return time;
            }
        } catch (DateTimeException invalid) {
            // Told below, as what is out of bounds.
        }
        throw invalid("/options/notBefore", "A time such as 2026-11-23T02:00:00Z, at most 30 days from now");
    }

    private static RefusedException invalid(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, pointer, detail);
    }
}
