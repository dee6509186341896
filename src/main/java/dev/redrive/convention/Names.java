package dev.redrive.convention;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Sets of exact header names. */
final class Names {
    private Names() {}

    @SafeVarargs
    static Set<String> union(Collection<String>... parts) {
        var names = new LinkedHashSet<String>();
        for (Collection<String> part : parts) {
            names.addAll(part);
        }
        return Set.copyOf(names);
    }

    static Set<String> without(Collection<String> names, String one) {
        return without(names, Set.of(one));
    }

    static Set<String> without(Collection<String> names, Set<String> others) {
        var rest = new LinkedHashSet<>(names);
        rest.removeAll(others);
        return Set.copyOf(rest);
    }
}
