package dev.redrive.convention;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one framework writes a dead letter. A new one is one class that implements this, one test, and one line in
 * {@link Conventions}. Implementations hold no state and never throw, whatever the bytes.
 */
interface Convention {

    /** Exact header names that nobody else writes: a replay drops them wherever they stand. */
    Set<String> own();

    /** Exact header names that others use too: a replay drops them only where this convention was sighted. */
    default Set<String> borrowed() {
        return Set.of();
    }

    /** What this framework wrote on the record, or null where its marks are missing. */
    @Nullable
    Sighting sight(Evidence evidence);

    /** The newest headers stand before the copied older ones, instead of behind them. */
    default boolean prepends() {
        return false;
    }

    /** Whether it gives such a name to topics without saying in it whose dead letters they hold. */
    default boolean isItsTopic(String topic) {
        return false;
    }

    /** Those of its names that stand behind all that was on the record when the newest of them was written. */
    default Set<String> trailers() {
        return Set.of();
    }

    /** One dead-letter topic serves many origins, so that its name does not tell the origin. */
    default boolean sharesTopics() {
        return false;
    }

    /** Its marks are so common that they count for discovery only on topics whose name hints at dead letters too. */
    default boolean needsHint() {
        return false;
    }

    /** Its one mark is so common that it counts only on records on which nobody else left one. */
    default boolean standsAlone() {
        return false;
    }

    /** Whether its headers appear in the order in which things happened, so that their position tells it. */
    default boolean keepsOrder() {
        return false;
    }

    /** Its envelope holds the headers of the record that failed too, so that those around it were written later. */
    default boolean wrapsHeaders() {
        return false;
    }

    /** Whether what was sighted is a failure, for frameworks that write the same about successes. */
    default boolean showsFailure(Sighting sighting) {
        return true;
    }

    /**
     * Fills in what only the names of topics tell.
     *
     * @param topics names met on the record's way, the dead-letter topic itself among them
     */
    default Hop complete(Hop hop, Set<String> topics) {
        return hop;
    }
}
