package dev.redrive.letter;

import dev.redrive.Settings;
import dev.redrive.filter.FilterParser;
import dev.redrive.postgres.Database;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long the first page of a filter takes without HTTP and JSON: every statement of it, over the connections that the
 * product has. That is where the goals were measured (a client beside the database), a round trip of the browser was not.
 */
public final class PageTimes {

    private static final int ROUNDS = 50;
    private static final int WARM_ROUNDS = 10;
    private static final int EACH = 20;

    private PageTimes() {}

    /** @param filters by name; @return milliseconds in the order of measurement, by the same names; rounds are interleaved */
    public static Map<String, List<Double>> of(Settings.Database settings, Map<String, String> filters)
            throws Exception {
        var vertx = Vertx.vertx();
        try {
            var database = new Database(settings);
            var search = new LetterSearch(database.openForReading(vertx), database.openForSearching(vertx));
            var times = new LinkedHashMap<String, List<Double>>();
            for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
                for (var filter : filters.entrySet()) {
                    for (int i = 0; i < EACH; i++) {
                        double millis = millis(search, filter.getValue());
                        if (round >= 0) {
                            times.computeIfAbsent(filter.getKey(), name -> new ArrayList<>())
                                    .add(millis);
                        }
                    }
                }
            }
            return times;
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    private static double millis(LetterSearch search, String q) throws Exception {
        var scope = new LetterScope(FilterParser.parse(q), Instant.now(), "ana");
        long began = System.nanoTime();
        search.page(scope, Long.MAX_VALUE, 51).await(30, TimeUnit.SECONDS);
        return (System.nanoTime() - began) / 1e6;
    }
}
