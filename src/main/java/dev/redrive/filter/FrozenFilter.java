package dev.redrive.filter;

import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A filter whose ages became times, so that it means the same tomorrow. */
public final class FrozenFilter {

    private FrozenFilter() {}

    public static Filter of(Filter filter, Instant now) {
        if (filter instanceof Match match) {
            var values = match.anyOf().stream().map(value -> of(value, now)).toList();
            return new Match(match.field(), match.path(), values, match.position(), match.end());
        }
        if (filter instanceof Not not) {
            return new Not(of(not.part(), now));
        }
        if (filter instanceof And and) {
            return new And(and.parts().stream().map(part -> of(part, now)).toList());
        }
        return filter instanceof Or or
                ? new Or(or.parts().stream().map(part -> of(part, now)).toList())
                : filter;
    }

    private static Value of(Value value, Instant now) {
        return value instanceof Times times ? new Times(of(times.from(), now), of(times.to(), now)) : value;
    }

    private static @Nullable Moment of(@Nullable Moment moment, Instant now) {
        // To the millisecond, as a filter is written.
        return moment == null
                ? null
                : new Moment.At(Instant.ofEpochMilli(moment.at(now).toEpochMilli()));
    }
}
