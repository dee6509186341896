package dev.redrive.dev.shop;

import io.vertx.core.json.JsonObject;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the shop lives on: every two seconds an event that is as it should be, every ten seconds one that is not, and at
 * the start one of each that is not, so that nobody waits for the first dead letters.
 */
final class Customers implements AutoCloseable {

    private static final long GOOD_MILLIS = 2_000;
    private static final long BAD_MILLIS = 10_000;
    private static final DateTimeFormatter HOUR_MINUTE = DateTimeFormatter.ofPattern("HHmm");
    private static final List<String> HEROES = List.of(
            "Madame Momentum", "The Procrastinator", "Doctor Decimal", "Night Accountant", "Lady Latency", "Sir Retry");

    private final KafkaProducer<String, String> producer;
    private final AtomicInteger number =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1_000, 9_000));
    private final AtomicInteger turn = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "customers");
        thread.setDaemon(true);
        return thread;
    });

    private final List<Supplier<Event>> good = List.of(
            () -> new Event(Shop.HEROES, hero("hero").put("power", "punctuality")),
            () -> new Event(Shop.ORDERS, hero("order").put("item", "cape").put("amount", 49.90)),
            () -> new Event(Shop.PAYMENTS, hero("payment").put("amount", 49.90)),
            () -> new Event(Shop.STOCK, hero("movement").put("item", "cape").put("quantity", 1)),
            () -> new Event(Shop.LOYALTY, hero("points").put("points", 49)),
            () -> new Event(Shop.PARCELS, hero("parcel").put("address", "1 Justice Plaza")));

    private final List<Supplier<Event>> bad = List.of(
            () -> new Event(Shop.HEROES, hero("hero")),
            () -> new Event(
                    Shop.ORDERS, hero("order").put("item", "utility belt").put("amount", "12,50")),
            () -> new Event(Shop.PAYMENTS, hero("payment").put("amount", 1_000_000)),
            () -> new Event(
                    Shop.STOCK, hero("movement").put("item", seasonalItem()).put("quantity", 12)),
            () -> new Event(Shop.LOYALTY, hero("points").put("points", "many")),
            () -> new Event(Shop.HEROES, "Lady Latency", "{\"id\":\"" + id("hero") + "\",\"power\":\"patience\",}"),
            () -> new Event(Shop.STOCK, "Night Accountant", "2x grappling hook, see attached fax"),
            () -> new Event(
                    Shop.LOYALTY, hero("points").put("hero", "Captain Chronos").put("points", 77)));

    private record Event(String topic, String key, String value) {
        Event(String topic, JsonObject value) {
            this(topic, value.getString("hero"), value.encode());
        }
    }

    Customers(Connection kafka) {
        this.producer = new KafkaProducer<>(kafka.producer());
        bad.forEach(kind -> send(kind.get()));
        // Once is enough: nothing behind it in its partition is delivered until it is out of the way.
        send(new Event(Shop.PARCELS, hero("parcel")));
        clock.scheduleWithFixedDelay(() -> send(next(good)), 0, GOOD_MILLIS, TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(() -> send(next(bad)), BAD_MILLIS, BAD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void send(Event event) {
        producer.send(new ProducerRecord<>(event.topic(), event.key(), event.value()));
    }

    private Event next(List<Supplier<Event>> kinds) {
        return kinds.get(turn.getAndIncrement() % kinds.size()).get();
    }

    private JsonObject hero(String kind) {
        var hero = HEROES.get(ThreadLocalRandom.current().nextInt(HEROES.size()));
        return new JsonObject().put("id", id(kind)).put("hero", hero);
    }

    private String id(String kind) {
        return kind + "-" + number.incrementAndGet();
    }

    /** Another one every ten minutes, of which the catalogue learns late. */
    private static String seasonalItem() {
        var now = LocalTime.now(ZoneOffset.UTC);
        return "cape-of-" + HOUR_MINUTE.format(now.minusMinutes(now.getMinute() % 10));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close();
    }
}
