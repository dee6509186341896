package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the letters of a filter are found.
 *
 * @param residual what the driver does not see to
 * @param letters how many the driver walks over in all, where that is counted
 */
record LetterPlan(
        LetterScope scope,
        Driver driver,
        List<Filter> residual,
        @Nullable Long letters) {

    LetterPlan {
        residual = List.copyOf(residual);
    }

    /** The plan of a first look; what lies below it may be found by this one. */
    LetterPlan glance() {
        return new LetterPlan(scope, driver.glance(), residual, letters);
    }

    /** Whether every letter that is walked over fits. */
    boolean isExact() {
        return residual.isEmpty();
    }

    Reach reach() {
        return Reach.farthest(residual);
    }

    /** Whether {@code letter_state} has to be read to decide, and not the wide row alone. */
    boolean asksState() {
        return residual.stream().anyMatch(part -> DriverChoice.touches(part, LetterPlan::isOfState));
    }

    /** Whether a value that was not read leaves it open which letters fit. */
    boolean asksValue() {
        return residual.stream().anyMatch(LetterCondition::asksValue);
    }

    private static boolean isOfState(Match match) {
        // Words of these two may ask both rows.
        return match.field() == Field.IS
                || match.field() == Field.HAS
                || Reach.of(match).isWithin(Reach.STATE);
    }
}
