package dev.redrive.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the offset of a group's partition usually rests while there is something to read: Kafka Connect commits once a
 * minute, whatever it has read meanwhile. The shortest of the last three rests counts, so that one time of being stuck teaches
 * nothing.
 *
 * @param begun whether the beginning of the rest that goes on was seen
 */
record CommitRhythm(List<Duration> rests, boolean begun) {

    static final CommitRhythm UNKNOWN = new CommitRhythm(List.of(), false);

    private static final int MOST = 3;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    CommitRhythm {
        rests = List.copyOf(rests);
    }

    /** The offset moved, and nobody can say how long it had rested. */
    CommitRhythm begin() {
        return new CommitRhythm(rests, true);
    }

    /** The offset moved after such a rest. */
    CommitRhythm plus(Duration rest) {
        if (!begun) {
            return begin();
        }
        var all = new ArrayList<>(rests);
        all.add(rest);
        return new CommitRhythm(all.subList(Math.max(0, all.size() - MOST), all.size()), true);
    }

    /** @return how long the offset may rest: half as long again as it usually does, two minutes at most, or {@code least} */
    Duration patience(Duration least) {
        var usual = rests.stream().min(Duration::compareTo).orElse(Duration.ZERO);
        var enough = usual.multipliedBy(3).dividedBy(2);
        var bounded = enough.compareTo(LONGEST) > 0 ? LONGEST : enough;
        return bounded.compareTo(least) > 0 ? bounded : least;
    }
}
