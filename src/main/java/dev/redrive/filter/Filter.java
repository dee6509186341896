package dev.redrive.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a filter asks for, as {@link FilterParser} read it. Times are still relative; whoever compiles it resolves them
 * against one clock. Positions count UTF-16 code units from 0, ends are exclusive.
 */
public sealed interface Filter {

    /** A blank text: everything. */
    record All() implements Filter {}

    /** @param parts at least two, in the order written */
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** @param parts at least two, in the order written */
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}

    /**
     * {@code field:value,value}.
     *
     * @param path header name or payload path, for those two fields alone
     * @param anyOf at least one; the term fits where any of them does
     */
    record Match(Field field, @Nullable String path, List<Value> anyOf, int position, int end) implements Filter {
        public Match {
            anyOf = List.copyOf(anyOf);
        }
    }

    /** Free text, looked for in error and payload. */
    record Words(String text, boolean prefix, int position, int end) implements Filter {}
}
