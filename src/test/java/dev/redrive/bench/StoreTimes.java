package dev.redrive.bench;

import dev.redrive.Settings;
import dev.redrive.grouping.GroupAsks;
import dev.redrive.letter.LetterAsks;
import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How long lists, facets and groups take without HTTP and JSON, over the connections that the product has. That is where
 * the goals were measured (a client beside the database); a round trip of the browser was not.
 */
final class StoreTimes {

    /** Until the client's code is compiled, which takes one core of two for as long. */
    private static final int WARM_ROUNDS = 30;

    private static final int EACH = 20;

    private StoreTimes() {}

    /**
     * @param filters by name
     * @param group a big one
     * @param rounds of 20 times each, interleaved
     * @param only the names that are asked for
     * @return milliseconds in the order of measurement, by name
     */
    static Map<String, List<Double>> of(
            Settings.Database settings, Map<String, String> filters, long group, int rounds, Pattern only)
            throws Exception {
        var vertx = Vertx.vertx();
        try {
            var database = new Database(settings);
            var asks = asks(database.openForReading(vertx), database.openForSearching(vertx), filters, group);
            asks.keySet().removeIf(name -> !only.matcher(name).matches());
            return measure(asks, rounds);
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    private static Map<String, Supplier<Future<?>>> asks(
            Pool reading, Pool searching, Map<String, String> filters, long group) {
        var letters = new LetterAsks(reading, searching);
        var groups = new GroupAsks(reading);
        var asks = new LinkedHashMap<>(letters.pages(filters));
        for (var field : List.of("topic", "status", "class", "group", "consumer")) {
            asks.put("facet " + field, letters.facet(field, ""));
        }
        asks.put("facet class of a topic, open", letters.facet("class", "topic:orders.v1-dlt is:open"));
        asks.put("histogram of a day", letters.histogram(24, 1, ""));
        asks.put("histogram of a class", letters.histogram(24, 1, "class:Json*"));
        asks.put("failure groups", groups.page("-lastSeen"));
        asks.put("failure groups by rate", groups.page("-rate"));
        for (var field : List.of("topic", "class", "label", "state", "ts")) {
            asks.put("facet of groups: " + field, groups.facet(field));
        }
        asks.put("one failure group", groups.one(group));
        return asks;
    }

    private static Map<String, List<Double>> measure(Map<String, Supplier<Future<?>>> asks, int rounds)
            throws Exception {
        var times = new LinkedHashMap<String, List<Double>>();
        for (int round = -WARM_ROUNDS; round < rounds; round++) {
            for (var ask : asks.entrySet()) {
                for (int i = 0; i < EACH; i++) {
                    long began = System.nanoTime();
                    ask.getValue().get().await(30, TimeUnit.SECONDS);
                    if (round >= 0) {
                        times.computeIfAbsent(ask.getKey(), name -> new ArrayList<>())
                                .add((System.nanoTime() - began) / 1e6);
                    }
                }
            }
        }
        return times;
    }
}
