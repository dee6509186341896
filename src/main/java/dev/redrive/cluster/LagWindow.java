package dev.redrive.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The last ten measurements of a group's partition, oldest first, and what they say. The rules are those of
 * linkedin/Burrow (Consumer-Lag-Evaluation-Rules, {@code caching.go}), except that Burrow sees every commit and the admin
 * API only shows where the offset is: a commit that moves nothing is not seen, so whether the group has members tells a
 * consumer that is stuck from one that is gone.
 */
record LagWindow(List<Measurement> measurements) {

    static final int SIZE = 10;
    static final LagWindow EMPTY = new LagWindow(List.of());

    /** @param lag records, 0 or more */
    record Measurement(long committed, long lag) {}

    LagWindow {
        measurements = List.copyOf(measurements);
    }

    LagWindow plus(Measurement measurement) {
        var all = new ArrayList<>(measurements);
        all.add(measurement);
        return new LagWindow(all.subList(Math.max(0, all.size() - SIZE), all.size()));
    }

    /**
     * Of a window with one measurement at least.
     *
     * @param unmoved since the offset last moved or nothing was left to read
     * @param span of a whole window; the offset may rest that long
     * @param populated whether the group has members, as far as we know
     * @param before what was said of it last; a window that is not full takes back nothing that it does not contradict
     */
    LagState state(Duration unmoved, Duration span, boolean populated, LagState before) {
        var latest = measurements.get(measurements.size() - 1);
        if (latest.lag() == 0) {
            return LagState.OK;
        }
        // First, because a window that once saw no lag may be old.
        if (unmoved.compareTo(span) > 0) {
            return populated ? LagState.STALL : LagState.STOP;
        }
        if (measurements.stream().anyMatch(each -> each.lag() == 0)) {
            return LagState.OK;
        }
        if (measurements.stream().anyMatch(each -> each.committed() > latest.committed())) {
            return LagState.REWIND;
        }
        if (before == LagState.WARN && measurements.size() < SIZE) {
            return falls() ? LagState.OK : LagState.WARN;
        }
        return measurements.size() == SIZE && moves() && !falls() ? LagState.WARN : LagState.OK;
    }

    private boolean moves() {
        return measurements.stream()
                .anyMatch(each -> each.committed() != measurements.get(0).committed());
    }

    private boolean falls() {
        for (int i = 1; i < measurements.size(); i++) {
            if (measurements.get(i).lag() < measurements.get(i - 1).lag()) {
                return true;
            }
        }
        return false;
    }
}
