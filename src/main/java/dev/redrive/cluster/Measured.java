package dev.redrive.cluster;

import dev.redrive.cluster.ConsumerLag.Place;
import java.util.Map;
import java.util.Set;

/**
 * One look at a cluster.
 *
 * @param offsets of every partition that a watched group has committed for
 * @param assumed of them, those where nothing was committed and the beginning of the group is taken for its offset
 * @param populated groups that have members or may have some
 * @param unanswered groups of which something is not known this time; what was known of them stays
 * @param leftOut groups that are more than we watch
 */
record Measured(
        Map<Place, Offsets> offsets, Set<Place> assumed, Set<String> populated, Set<String> unanswered, int leftOut) {

    /** @param end the offset that the next record gets */
    record Offsets(long committed, long end) {}

    Measured {
        offsets = Map.copyOf(offsets);
        assumed = Set.copyOf(assumed);
        populated = Set.copyOf(populated);
        unanswered = Set.copyOf(unanswered);
    }
}
