package dev.redrive.letter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Letters by value.
 *
 * @param others letters that hold a value, but none of those
 * @param missing letters that hold none
 * @param exact false where there may be more of each
 * @param partial what was not looked at, in words
 */
record Facets(List<Facet> values, long others, long missing, boolean exact, List<String> partial) {

    record Facet(String value, long letters) {}

    /** @param letters by what they hold */
    static Facets of(Map<List<String>, Long> letters, String prefix, int limit, boolean exact, List<String> partial) {
        var byValue = new HashMap<String, Long>();
        letters.forEach((held, count) -> held.forEach(value -> byValue.merge(value, count, Long::sum)));
        var shown = byValue.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new Facet(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Facet::letters).reversed().thenComparing(Facet::value))
                .limit(limit)
                .toList();
        var names = new ArrayList<String>();
        shown.forEach(facet -> names.add(facet.value()));
        long missing = 0;
        long others = 0;
        for (var entry : letters.entrySet()) {
            if (entry.getKey().isEmpty()) {
                missing += entry.getValue();
            } else if (entry.getKey().stream().noneMatch(names::contains)) {
                others += entry.getValue();
            }
        }
        return new Facets(shown, others, missing, exact, partial);
    }
}
