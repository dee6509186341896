package dev.redrive.bench;

import dev.redrive.letter.QueryPlans;
import dev.redrive.testkit.RedriveProcess;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Asks the product, over HTTP and one request at a time, for every list, filter, facet, histogram and search of a desk
 * with a million letters; prints how long it took beside the goal, and writes the plans of the statements to
 * docs/queries.md. The rounds of all queries are interleaved. Ends with 1 when a goal was missed. The first run fills
 * {@code target/bench}; delete it after a change of the schema. {@code -Dbench.only=<regex>} asks those alone whose name
 * matches.
 */
public final class TriageBenchmark {

    private static final int ROUNDS = 10;

    /** Until the product's code is compiled: a desk that has been open for a minute is what an operator meets. */
    private static final int WARM_ROUNDS = 8;

    private static final Pattern ONLY = Pattern.compile(System.getProperty("bench.only", ".*"));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private TriageBenchmark() {}

    /**
     * @param each requests a round
     * @param goal p99 in milliseconds at the store; 0 for none
     */
    private record Query(String name, String path, int each, double goal) {}

    /** @param arguments how many letters; a million when there is none. Then {@code plans} for docs/queries.md alone */
    public static void main(String[] arguments) throws Exception {
        int letters = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        boolean missed = false;
        try (var store = TriageStore.open(letters)) {
            if (arguments.length < 2) {
                // As the image starts it, and with the memory of a small container.
                try (var redrive = RedriveProcess.on(store.url(), "127.0.0.1:1")
                        .option("-Xmx1g")
                        .start()) {
                    missed = measure(redrive.url(), queries(store));
                }
                missed |= stored(store);
            }
            var plans = QueryPlans.of(store.settings(), named());
            if (letters >= 1_000_000) {
                Files.writeString(Path.of("docs", "queries.md"), plans);
            } else {
                System.out.println(plans);
            }
        }
        System.exit(missed ? 1 : 0);
    }

    private static List<Query> queries(TriageStore store) throws Exception {
        long group = bigGroup(store);
        long rare = store.number("SELECT failure_group_id FROM failure_group_counter ORDER BY letters LIMIT 1");
        long offset =
                store.number("SELECT d.kafka_offset FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref"
                        + " WHERE t.name = 'orders.v1-dlt' AND kafka_partition = 3 ORDER BY d.id LIMIT 1");
        var queries = new ArrayList<Query>();
        var filters = new LinkedHashMap<>(named());
        filters.put("big group", "group:" + group);
        filters.put("rare group", "group:" + rare);
        filters.put("big group, open, one topic", "group:" + group + " is:open topic:orders.v1-dlt");
        filters.put("coordinates", "topic:orders.v1-dlt partition:3 offset:" + offset);
        filters.forEach((name, q) -> {
            int each = name.startsWith("search") ? 1 : 20;
            queries.add(new Query(name, "/dead-letters?q=" + encode(q), each, goal(name)));
        });
        queries.add(new Query("list, counted", "/dead-letters?count=true", 20, 5));
        queries.add(new Query(
                "class and open, counted", "/dead-letters?count=true&q=" + encode("class:Json* is:open"), 20, 5));
        queries.add(new Query("one hour, counted", "/dead-letters?count=true&q=" + encode("ts:<1h"), 5, 305));
        for (var field : List.of("topic", "status", "class", "group", "consumer")) {
            queries.add(new Query("facet " + field, "/dead-letters/facets?field=" + field, 20, 5));
        }
        queries.add(new Query(
                "facet class of a topic, open",
                "/dead-letters/facets?field=class&q=" + encode("topic:orders.v1-dlt is:open"),
                20,
                5));
        queries.add(new Query("facet tag", "/dead-letters/facets?field=tag", 2, 350));
        queries.add(new Query(
                "facet topic of a partition", "/dead-letters/facets?field=topic&q=" + encode("partition:3"), 2, 350));
        queries.add(new Query("histogram of a day", "/dead-letters/histogram", 20, 5));
        queries.add(new Query(
                "histogram of 30 days by 6 h",
                "/dead-letters/histogram?step=PT6H&from="
                        + java.time.Instant.now().minus(Duration.ofDays(30)),
                5,
                50));
        queries.add(new Query("histogram of a class", "/dead-letters/histogram?q=" + encode("class:Json*"), 20, 5));
        queries.add(new Query("histogram of a key", "/dead-letters/histogram?q=" + encode("key:cust-004711"), 5, 350));
        queries.add(new Query("failure groups", "/failure-groups", 20, 5));
        queries.add(new Query("failure groups by rate", "/failure-groups?sort=-rate", 20, 5));
        for (var field : List.of("topic", "class", "label", "state", "ts")) {
            queries.add(new Query("facet of groups: " + field, "/failure-groups/facets?field=" + field, 20, 5));
        }
        queries.add(new Query(
                "header and paths of each",
                "/dead-letters?fields=" + encode("header.traceparent,payload.order.number,payload.order.currency"),
                20,
                20));
        queries.add(new Query("one failure group", "/failure-groups/" + group, 20, 5));
        queries.add(new Query("overview", "/overview", 10, 0));
        queries.add(new Query("topics", "/topics", 3, 0));
        queries.removeIf(query -> !ONLY.matcher(query.name()).matches());
        return queries;
    }

    /** Filters by the name they have in docs/queries.md. */
    private static Map<String, String> named() {
        var order = TriageLetters.orderNumber(700_000);
        var named = new LinkedHashMap<String, String>();
        named.put("newest", "");
        named.put("big topic, open", "topic:orders.v1-dlt is:open");
        named.put("topic, any status", "topic:orders.v1-dlt");
        named.put("rare topic", "topic:coupons.streams.DLQ");
        named.put("status", "is:returned");
        named.put("class", "class:PriceException");
        named.put("class prefix, open", "class:Json* is:open");
        named.put("consumer", "consumer:orders-service");
        named.put("origin and convention", "origin:orders convention:kafka-connect");
        named.put("all but a class", "-class:PriceException is:open");
        named.put("either of two", "(topic:orders.v1-dlt is:returned) OR class:SocketTimeoutException");
        named.put("key", "key:cust-004711");
        named.put("key prefix, rare", "key:cust-00471*");
        named.put("key prefix, all", "key:cust*");
        named.put("last hour", "ts:<1h");
        named.put("an hour ten days ago", "ts:241h..240h");
        named.put("a day ten days ago, open", "ts:264h..240h is:open");
        named.put("partition", "partition:3");
        named.put("mine of a class", "assignee:ana class:PriceException");
        named.put("tag", "tag:incident-4711");
        named.put("came back", "is:loop topic:orders.v1-dlt");
        named.put("message", "error:\"price of order\"");
        named.put("search: order number by path, far back", "payload.order.number:" + order);
        named.put("search: order number as text, far back", order);
        named.put("search: text nowhere", "\"no such text anywhere\"");
        named.put("search: header nowhere", "header.tenant:acme");
        named.put("search: path everywhere, value nowhere", "payload.order.currency:USD*");
        named.put("search: path in a topic", "topic:stock.v1-dlt payload.order.number:" + order);
        named.put("search: message nowhere", "error:\"no such message\"");
        return named;
    }

    private static boolean measure(String url, List<Query> queries) throws Exception {
        var times = new LinkedHashMap<Query, List<Double>>();
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            for (var query : queries) {
                for (int i = 0; i < query.each(); i++) {
                    double millis = ask(url + "/api/v1" + query.path());
                    if (round >= 0) {
                        times.computeIfAbsent(query, asked -> new ArrayList<>()).add(millis);
                    }
                }
            }
        }
        head("over HTTP");
        boolean missed = false;
        for (var entry : times.entrySet()) {
            missed |= line(
                    entry.getKey().name(),
                    entry.getValue(),
                    overHttp(entry.getKey().goal()));
        }
        return missed;
    }

    /** The same at the store, where the goals were set; then while letters come in. */
    private static boolean stored(TriageStore store) throws Exception {
        head("at the store");
        boolean missed = lines(times(store, 50), 0);
        try (var arriving =
                new ArrivingLetters(store.settings(), (int) store.number("SELECT max(id) FROM dead_letter"))) {
            var times = times(store, 10);
            head("while %.0f letters a second come in".formatted(arriving.rate()));
            missed |= lines(times, 20);
        }
        return missed;
    }

    private static Map<String, List<Double>> times(TriageStore store, int rounds) throws Exception {
        var filters = named();
        filters.keySet().removeIf(name -> name.startsWith("search"));
        return StoreTimes.of(store.settings(), filters, bigGroup(store), rounds, ONLY);
    }

    /** @param least the goal in milliseconds of those that have a smaller one */
    private static boolean lines(Map<String, List<Double>> times, double least) {
        boolean missed = false;
        for (var entry : times.entrySet()) {
            missed |= line(entry.getKey(), entry.getValue(), Math.max(least, goal(entry.getKey())));
        }
        return missed;
    }

    /** A client, HTTP and JSON are on the same two cores, with the pauses of two heaps. */
    private static double overHttp(double goal) {
        return goal == 0 ? 0 : goal + 15;
    }

    private static long bigGroup(TriageStore store) throws Exception {
        return store.number("SELECT failure_group_id FROM failure_group_counter ORDER BY letters DESC LIMIT 1");
    }

    /** What looks for text inside of letters has the goals of a search: 2 s in all, and of one page that is enough 20 ms. */
    private static double goal(String name) {
        return name.startsWith("search") ? 2_500 : name.equals("message") ? 20 : 5;
    }

    private static void head(String where) {
        System.out.printf(
                "%-45s %6s %9s %9s %9s %9s %9s%n", where, "n", "min ms", "p50 ms", "p99 ms", "max ms", "goal p99");
    }

    /** @return whether it was missed */
    private static boolean line(String name, List<Double> times, double goal) {
        var sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double p99 = at(sorted, 0.99);
        boolean over = goal > 0 && p99 > goal;
        System.out.printf(
                Locale.ROOT,
                "%-45s %6d %9.2f %9.2f %9.2f %9.2f %9s%n",
                name,
                sorted.length,
                sorted[0],
                at(sorted, 0.5),
                p99,
                sorted[sorted.length - 1],
                goal == 0 ? "" : (over ? "MISSED " : "") + goal);
        return over;
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * share) - 1)];
    }

    private static double ask(String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .build();
        long began = System.nanoTime();
        var answer = HTTP.send(request, BodyHandlers.ofString());
        double millis = (System.nanoTime() - began) / 1e6;
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(url + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return millis;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
