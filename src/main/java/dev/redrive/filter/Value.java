package dev.redrive.filter;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One of the values of a term. */
public sealed interface Value {

    /**
     * @param text without quotes; empty only where it was quoted
     * @param prefix whether it is the beginning of what is meant
     */
    record Text(String text, boolean prefix) implements Value {}

    /**
     * A whole number or a range of them; sizes are in bytes.
     *
     * @param from inclusive, null for no bound; not above {@code to}
     * @param to inclusive, null for no bound; at most one of the two is null
     */
    record Numbers(@Nullable Long from, @Nullable Long to) implements Value {}

    /**
     * A span of time. An age is older the greater it is: {@code ts:>2h} ends two hours ago.
     *
     * @param from inclusive, null for no bound
     * @param to exclusive, null for no bound; at most one of the two is null
     */
    record Times(@Nullable Moment from, @Nullable Moment to) implements Value {}

    /** A point in time, relative to when the filter is used or not. */
    sealed interface Moment {

        Instant at(Instant now);

        record Ago(Duration age) implements Moment {
            @Override
            public Instant at(Instant now) {
                return now.minus(age);
            }
        }

        record At(Instant instant) implements Moment {
            @Override
            public Instant at(Instant now) {
                return instant;
            }
        }
    }
}
