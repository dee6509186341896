package dev.redrive.letter;

import dev.redrive.filter.FilterParser;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What a page of letters asks the store, without HTTP and JSON: every statement of it. */
public final class LetterAsks {

    private final Pool reading;
    private final Pool searching;

    public LetterAsks(Pool reading, Pool searching) {
        this.reading = reading;
        this.searching = searching;
    }

    /** @param filters by name; @return the first page of each */
    public Map<String, Supplier<Future<?>>> pages(Map<String, String> filters) {
        var search = new LetterSearch(reading, searching);
        var asks = new LinkedHashMap<String, Supplier<Future<?>>>();
        filters.forEach((name, q) -> asks.put(name, () -> search.page(scope(q), Long.MAX_VALUE, 51)));
        return asks;
    }

    /** @param field as the API calls it */
    public Supplier<Future<?>> facet(String field, String q) {
        var facets = new LetterFacets(reading, searching);
        return () -> facets.count(scope(q), FacetField.of(field), "", 20);
    }

    /** @param hours until now, in bars of {@code step} hours; @param q a filter over what is counted */
    public Supplier<Future<?>> histogram(int hours, int step, String q) {
        return () -> {
            int end = (int) Instant.now().until(Instant.EPOCH, ChronoUnit.HOURS) * -1 + 1;
            return HistogramStore.bars(reading, scope(q), end - hours, end, step);
        };
    }

    private static LetterScope scope(String q) {
        return new LetterScope(FilterParser.parse(q), Instant.now(), "ana");
    }
}
