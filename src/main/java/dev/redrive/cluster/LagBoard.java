package dev.redrive.cluster;

import dev.redrive.cluster.ConsumerLag.Place;
import dev.redrive.cluster.LagWindow.Measurement;
import dev.redrive.cluster.Measured.Offsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the consumer groups of one cluster, from look to look. Windows live here alone; what decides an alert
 * comes back with {@link #recall} after a restart. Used by one thread at a time.
 */
final class LagBoard {

    /** More looks missed than this are no evidence of anything. */
    private static final int MISSED = 3;

    private final Duration interval;
    private final Duration span;
    private final Map<Place, ConsumerLag> known = new HashMap<>();
    private final Map<Place, LagWindow> windows = new HashMap<>();
    private final Map<Place, Looked> looked = new HashMap<>();
    private final Set<Place> assumed = new HashSet<>();
    private final Map<Place, CommitRhythm> rhythms = new HashMap<>();
    private final Map<Place, LagTrend> trends = new HashMap<>();

    /**
     * How long a transaction may hide the next record before who waits for it is called stuck: what brokers allow at most
     * where nobody set transaction.max.timeout.ms. Some write one for minutes by right, as Flink does between checkpoints.
     */
    private static final Duration HELD_BACK = Duration.ofMinutes(15);

    /** What lies at the offset of a group. */
    enum Next {
        RECORD,
        /** Up to the end there is no record to read, only markers of transactions. */
        NOTHING,
        /** A transaction that is open hides it. */
        HELD_BACK
    }

    private record Looked(Offsets at, Next next) {}

    /** @param interval between two looks */
    LagBoard(Duration interval) {
        this.interval = interval;
        this.span = interval.multipliedBy(LagWindow.SIZE);
    }

    /** Begins with what is stored. */
    void recall(List<ConsumerLag> stored) {
        known.clear();
        windows.clear();
        looked.clear();
        assumed.clear();
        rhythms.clear();
        trends.clear();
        stored.forEach(lag -> known.put(lag.place(), lag));
    }

    /**
     * Those that would be called stuck, the smallest lag first: a lag may be made of the markers of transactions alone,
     * which nobody reads and not everybody commits behind. To be looked at and {@link #found}.
     */
    List<Place> suspects(Measured measured, Instant now) {
        return measured.offsets().entrySet().stream()
                .filter(entry -> entry.getValue().end() > entry.getValue().committed()
                        && !isLooked(entry.getKey(), entry.getValue())
                        && rested(entry.getKey(), entry.getValue(), now).compareTo(usual(entry.getKey())) > 0)
                .sorted(Comparator.comparingLong(
                        entry -> entry.getValue().end() - entry.getValue().committed()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @param next what was found between the two offsets */
    void found(Place place, Offsets at, Next next) {
        looked.put(place, new Looked(at, next));
    }

    private boolean isLooked(Place place, Offsets now) {
        var before = looked.get(place);
        if (before == null || before.at().committed() != now.committed()) {
            return false;
        }
        return switch (before.next()) {
            case RECORD -> true;
            case NOTHING -> before.at().end() == now.end();
            case HELD_BACK -> false;
        };
    }

    /** @return all that is known now; what was not answered stays as it was */
    List<ConsumerLag> fold(Measured measured, Instant now) {
        var kept = new HashSet<>(measured.offsets().keySet());
        known.keySet().stream()
                .filter(place -> measured.unanswered().contains(place.group()))
                .forEach(kept::add);
        List.of(known, windows, looked, rhythms, trends)
                .forEach(map -> map.keySet().retainAll(kept));
        assumed.retainAll(kept);
        forgetAssumed(measured);
        measured.offsets().forEach((place, offsets) -> {
            var populated = measured.populated().contains(place.group());
            known.put(place, fold(place, offsets, populated, now));
        });
        return new ArrayList<>(known.values());
    }

    /** The first offset that a group commits is no move from where it was taken to have begun. */
    private void forgetAssumed(Measured measured) {
        assumed.stream()
                .filter(place -> !measured.assumed().contains(place) && isElsewhere(place, measured))
                .forEach(place ->
                        List.of(known, windows, looked, rhythms, trends).forEach(map -> map.remove(place)));
        assumed.removeAll(measured.offsets().keySet());
        assumed.addAll(measured.assumed());
    }

    private boolean isElsewhere(Place place, Measured measured) {
        var before = known.get(place);
        var now = measured.offsets().get(place);
        return before != null && now != null && before.committed() != now.committed();
    }

    private ConsumerLag fold(Place place, Offsets asked, boolean populated, Instant now) {
        var seen = looked.get(place);
        boolean nothing =
                seen != null && seen.next() == Next.NOTHING && seen.at().equals(asked);
        var offsets = nothing ? new Offsets(asked.committed(), asked.committed()) : asked;
        var before = known.get(place);
        if (before != null && missed(before, now).compareTo(Duration.ZERO) > 0) {
            windows.remove(place);
        }
        var rested = offsets.end() <= offsets.committed() ? Duration.ZERO : rested(place, offsets, now);
        long lag = Math.max(0, offsets.end() - offsets.committed());
        var window = windows.getOrDefault(place, LagWindow.EMPTY).plus(new Measurement(offsets.committed(), lag));
        windows.put(place, window);
        follow(before, offsets, now);
        var trend = trends.merge(place, LagTrend.begin(now, lag), (course, fresh) -> course.plus(now, lag));
        var judged = window.state(
                rested, patience(place, offsets), populated, before == null ? LagState.OK : before.state());
        var state = isBeyond(before, offsets)
                ? LagState.BEYOND
                : judged == LagState.OK && lag > 0 && trend.rises() ? LagState.WARN : judged;
        boolean alive = populated || before != null && before.committed() != offsets.committed();
        return new ConsumerLag(
                place,
                offsets.committed(),
                offsets.end(),
                state,
                before == null || before.state() != state ? now : before.since(),
                now.minus(rested),
                alive || before == null ? (alive ? now : null) : before.aliveAt(),
                now);
    }

    /** At two looks: a commit may be younger than the end it is compared with, and a new leader not know the end yet. */
    private static boolean isBeyond(@Nullable ConsumerLag before, Offsets now) {
        return before != null
                && now.committed() > now.end()
                && before.committed() > Math.max(now.end(), before.logEnd());
    }

    /** What was left to read all the time was not waited for. */
    private void follow(@Nullable ConsumerLag before, Offsets offsets, Instant now) {
        if (before != null && before.committed() != offsets.committed()) {
            var rhythm = rhythms.getOrDefault(before.place(), CommitRhythm.UNKNOWN);
            boolean waited = before.lag() == 0 || missed(before, now).compareTo(Duration.ZERO) > 0;
            rhythms.put(before.place(), waited ? rhythm.begin() : rhythm.plus(Duration.between(before.movedAt(), now)));
        }
    }

    private Duration patience(Place place, Offsets now) {
        var seen = looked.get(place);
        boolean held =
                seen != null && seen.next() == Next.HELD_BACK && seen.at().committed() == now.committed();
        return held ? HELD_BACK : usual(place);
    }

    private Duration usual(Place place) {
        return rhythms.getOrDefault(place, CommitRhythm.UNKNOWN).patience(span);
    }

    /** How long the offset has rested, without the time in which nobody looked. */
    private Duration rested(Place place, Offsets offsets, Instant now) {
        var before = known.get(place);
        if (before == null || before.committed() != offsets.committed()) {
            return Duration.ZERO;
        }
        var rested = Duration.between(before.movedAt(), now).minus(missed(before, now));
        return rested.isNegative() ? Duration.ZERO : rested;
    }

    private Duration missed(ConsumerLag before, Instant now) {
        var gap = Duration.between(before.measuredAt(), now);
        return gap.compareTo(interval.multipliedBy(MISSED)) > 0 ? gap.minus(interval) : Duration.ZERO;
    }
}
