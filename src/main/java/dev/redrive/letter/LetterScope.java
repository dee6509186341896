package dev.redrive.letter;

import dev.redrive.filter.Filter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A filter with what it means here and now.
 *
 * @param asOf what the ages of the filter are counted from; keep it where several steps must mean the same
 * @param caller who asks, for {@code is:mine}; null where nobody does, then that term is refused
 */
public record LetterScope(
        Filter filter, Instant asOf, @Nullable String caller) {}
