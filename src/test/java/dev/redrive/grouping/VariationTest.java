package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The same failure told about other records, from other hosts and builds, against a different root cause. */
class VariationTest {

    /** Where a letter of {@code ~n} (number), {@code ~u} (UUID), {@code ~h} (host), {@code ~t} (time) stands. */
    private static final Pattern BLANK = Pattern.compile("~[nuhtdlx]");

    private static final int ROUNDS = 200;

    private record Told(String failure, String trace) {}

    private static final String JAVA = """
            org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed
            \tat org.springframework.kafka.listener.Container.invoke(Container.java:~l)
            \tat java.base/java.lang.Thread.run(Thread.java:~l)
            Caused by: %s
            \tat %s(Pricing.java:~l)
            \tat shop.orders.Checkout.lambda$place$~l(Checkout.java:~l)
            \tat shop.orders.Checkout.onOrder(Checkout.java:~l)
            \tat org.springframework.kafka.listener.Container.invoke(Container.java:~l)
            \t... 1 more
            """;
    private static final String PYTHON = """
            Traceback (most recent call last):
              File "/srv/~x/shop/worker.py", line ~l, in loop
                handler(message)
              File "/srv/~x/shop/orders.py", line ~l, in handle
                return price(order)
              File "/srv/~x/shop/%s.py", line ~l, in %s
                raise ShopError(text)
            %s
            """;

    private static final List<Told> FAILURES = List.of(
            java("shop.PriceException: Order ~u costs ~n which is above ~n", "shop.orders.Pricing.toCents"),
            java("shop.PriceException: Order ~u costs ~n which is above ~n", "shop.orders.Pricing.toEuros"),
            java("shop.PriceException: Price list ~u expired at ~t", "shop.orders.Pricing.toCents"),
            java("shop.StockException: Order ~u costs ~n which is above ~n", "shop.orders.Pricing.toCents"),
            java("shop.RemoteException: GET http://~h:~d/prices/~n answered 404", "shop.orders.Pricing.toCents"),
            java("shop.RemoteException: GET http://~h:~d/prices/~n answered 503", "shop.orders.Pricing.toCents"),
            java("java.net.ConnectException: Connection to ~h:~d refused", "shop.orders.Pricing.toCents"),
            java(
                    "java.sql.SQLException: ERROR: duplicate key violates unique constraint \"price_pk\"\n"
                            + "  Detail: Key (id)=(~n) already exists.",
                    "shop.orders.Pricing.toCents"),
            java(
                    "java.sql.SQLException: ERROR: duplicate key violates unique constraint \"price_name\"\n"
                            + "  Detail: Key (name)=(~u) already exists.",
                    "shop.orders.Pricing.toCents"),
            java(
                    "jakarta.validation.ConstraintViolationException: amount: must be less than ~n",
                    "shop.orders.Pricing.check"),
            java(
                    "jakarta.validation.ConstraintViolationException: currency: must be less than ~n",
                    "shop.orders.Pricing.check"),
            java(
                    "com.fasterxml.jackson.databind.exc.InvalidFormatException: Cannot deserialize value from \"~u\"\n"
                            + " at [Source: (String)\"{~n}\"; line: ~l, column: ~l]"
                            + " (through reference chain: shop.Order[\"amount\"])",
                    "shop.orders.Pricing.read"),
            java(
                    "com.fasterxml.jackson.databind.exc.InvalidFormatException: Cannot deserialize value from \"~u\"\n"
                            + " at [Source: (String)\"{~n}\"; line: ~l, column: ~l]"
                            + " (through reference chain: shop.Order[\"placedAt\"])",
                    "shop.orders.Pricing.read"),
            python("pricing", "cents", "shop.ShopError: order ~n of 'cust-~n' failed at ~t on ~h"),
            python("pricing", "euros", "shop.ShopError: order ~n of 'cust-~n' failed at ~t on ~h"),
            python("pricing", "cents", "KeyError: 'S-~n'"),
            python("pricing", "cents", "shop.ShopError: gateway answered 500 for http://~h/~n"),
            python("pricing", "cents", "shop.ShopError: gateway answered 404 for http://~h/~n"));

    private static Told java(String thrown, String place) {
        return new Told(
                "org.springframework.kafka.listener.ListenerExecutionFailedException", JAVA.formatted(thrown, place));
    }

    private static Told python(String file, String function, String thrown) {
        return new Told("shop.ShopError", PYTHON.formatted(file, function, thrown));
    }

    @Test
    void ignoresIdsNumbersHostsPortsTimesAndLineNumbersAndNothingElse() {
        long seed = System.nanoTime();
        System.out.println("seed of the variations: " + seed);
        var random = new Random(seed);
        Map<String, String> first = new HashMap<>();
        for (int i = 0; i < FAILURES.size(); i++) {
            for (int round = 0; round < ROUNDS; round++) {
                var told = FAILURES.get(i);
                String trace = filled(told.trace(), random);
                var parts = Fingerprinter.of("orders-dlt", Readings.of(told.failure(), null, null, trace))
                        .parts();
                assertThat(first.merge("failure " + i, parts.toString(), (known, again) -> known))
                        .as("seed %d, trace %s", seed, trace)
                        .isEqualTo(parts.toString());
            }
        }
        assertThat(first.values()).doesNotHaveDuplicates();
    }

    private static String filled(String template, Random random) {
        return BLANK.matcher(template).replaceAll(blank -> Matcher.quoteReplacement(value(blank.group(), random)));
    }

    private static String value(String blank, Random random) {
        return switch (blank) {
            case "~n" -> Integer.toString(random.nextInt(5_000_000));
            case "~u" -> new UUID(random.nextLong(), random.nextLong()).toString();
            case "~h" ->
                random.nextBoolean()
                        ? "10." + random.nextInt(256) + "." + random.nextInt(256) + ".7"
                        : "node-" + random.nextInt(99) + ".prod.example.com";
            case "~t" ->
                "2026-" + (10 + random.nextInt(3)) + "-" + (10 + random.nextInt(18)) + "T0" + random.nextInt(9)
                        + ":00:00Z";
            case "~d" -> Integer.toString(1024 + random.nextInt(60_000));
            case "~x" -> "release-" + random.nextInt(5_000);
            default -> Integer.toString(1 + random.nextInt(900));
        };
    }
}
