package dev.redrive.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The least lag of each of the last minutes. Between the commits of a consumer its lag rises and falls with every look, so
 * within a window it falls also where the consumer slowly falls behind; what is left after its commits tells.
 *
 * @param minute that is not over
 * @param least lag seen in it
 * @param past the minutes before it, oldest first, without a gap
 */
record LagTrend(Instant minute, long least, List<Long> past) {

    private static final int MINUTES = 10;
    private static final Duration ONE = Duration.ofMinutes(1);

    LagTrend {
        past = List.copyOf(past);
    }

    static LagTrend begin(Instant now, long lag) {
        return new LagTrend(now.truncatedTo(ChronoUnit.MINUTES), lag, List.of());
    }

    /** One that missed a minute begins anew, as does one of which nothing was left to read. */
    LagTrend plus(Instant now, long lag) {
        var then = now.truncatedTo(ChronoUnit.MINUTES);
        if (then.equals(minute)) {
            return new LagTrend(minute, Math.min(least, lag), past);
        }
        if (lag == 0 || !then.equals(minute.plus(ONE))) {
            return begin(now, lag);
        }
        var all = new ArrayList<>(past);
        all.add(least);
        return new LagTrend(then, lag, all.subList(Math.max(0, all.size() - MINUTES), all.size()));
    }

    /** Whether each of ten minutes left more to read than the one before it. */
    boolean rises() {
        if (past.size() < MINUTES || past.get(0) == 0) {
            return false;
        }
        for (int i = 1; i < past.size(); i++) {
            if (past.get(i) <= past.get(i - 1)) {
                return false;
            }
        }
        return true;
    }
}
