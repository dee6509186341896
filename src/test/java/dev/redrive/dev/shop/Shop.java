package dev.redrive.dev.shop;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All consumers of the shop and its customers, on one broker. */
public final class Shop implements AutoCloseable {

    static final String HEROES = "hero-events";
    static final String ORDERS = "orders";
    static final String PAYMENTS = "payments";
    static final String STOCK = "stock-movements";
    static final String LOYALTY = "loyalty-points";
    static final String PARCELS = "parcels";

    private static final Logger log = LoggerFactory.getLogger(Shop.class);
    private static final Duration RAID = Duration.ofSeconds(60);
    private static final Duration BETWEEN_RAIDS = Duration.ofMinutes(5);
    private static final Duration CATALOGUE_DELAY = Duration.ofSeconds(60);

    /** Long enough to be seen stuck, and then a while in which a record can be taken out of the way. */
    private static final Duration SHIFT = Duration.ofMinutes(3);

    private static final Duration REST = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Shop(Connection kafka, Path directory, Clock clock) {
        var opened = clock.instant();
        var bank = new Bank(() ->
                Duration.between(opened, clock.instant()).toMillis() % BETWEEN_RAIDS.toMillis() >= RAID.toMillis());
        Journal journal = (consumer, id) -> log.debug("{} has done {}", consumer, id);
        open.push(new Customers(kafka));
        open.push(new LoyaltyProcess(kafka, LOYALTY, directory.resolve("loyalty-desk.log")));
        open.push(new StockKeeper(
                kafka, STOCK, new Catalogue(clock, CATALOGUE_DELAY), journal, directory.resolve("stock-keeper")));
        open.push(new HeroRegistry(kafka, HEROES, journal));
        open.push(new Courier(kafka, Courier.GROUP, PARCELS, journal, SHIFT, REST));
        open.push(new OrderDesk(kafka, ORDERS, journal));
        open.push(new Till(kafka, PAYMENTS, bank, journal));
    }

    /**
     * Creates the topics that are not there yet and opens for business.
     *
     * @param directory for logs and the state of Kafka Streams
     */
    public static Shop open(Connection kafka, Path directory) throws InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var known = admin.listTopics().names().get(30, TimeUnit.SECONDS);
            var missing = List.of(
                            HEROES,
                            HEROES + "-dlq",
                            ORDERS,
                            ORDERS + "-dlt",
                            PAYMENTS,
                            STOCK,
                            STOCK + "-dlq",
                            LOYALTY,
                            PARCELS,
                            PARCELS + "-dlt",
                            LoyaltyProcess.deadLetterTopic())
                    .stream()
                    .filter(name -> !known.contains(name))
                    .map(name -> new NewTopic(name, Optional.of(3), Optional.empty()))
                    .toList();
            admin.createTopics(missing).all().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The topics of the shop could not be created", e);
        }
        return new Shop(kafka, directory, Clock.systemUTC());
    }

    /** For docker-compose.yml: runs on {@code SHOP_BOOTSTRAP_SERVERS} until it is stopped. */
    public static void main(String[] arguments) throws InterruptedException {
        var servers =
                Optional.ofNullable(System.getenv("SHOP_BOOTSTRAP_SERVERS")).orElse("localhost:9092");
        var shop = open(new Connection(servers), Path.of(System.getProperty("java.io.tmpdir"), "shop"));
        Runtime.getRuntime().addShutdownHook(new Thread(shop::close, "close-shop"));
        System.out.println("The shop is open on " + servers);
        Thread.currentThread().join();
    }

    /** In the reverse order of opening; what cannot be closed keeps nobody else open. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                log.warn("Part of the shop did not close", e);
            }
        }
    }
}
