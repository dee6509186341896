package dev.redrive.dev;

import dev.redrive.dev.shop.Connection;
import dev.redrive.dev.shop.Shop;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Ports;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Postgres, a broker, Redrive and the shop on this machine, with everything they keep in {@code target/dev}. Started by
 * {@code ./mvnw -Pdev}; all of it ends with this process.
 */
public final class DevMain {

    private static final Path DIRECTORY = Path.of("target", "dev");
    private static final int HTTP_PORT = 8080;
    private static final int MANAGEMENT_PORT = 8081;

    private DevMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ProcessHandle.current().parent().ifPresent(maven -> maven.onExit().thenRun(() -> System.exit(0)));
        if (Boolean.getBoolean("dev.clean")) {
            delete(DIRECTORY);
        }
        System.out.println("Starting Postgres, Kafka, Redrive and a shop that fails; their logs are in " + DIRECTORY);
        var postgres = CompletableFuture.supplyAsync(() -> Postgres.in(DIRECTORY.resolve("postgres")));
        var broker = CompletableFuture.supplyAsync(() -> Broker.in(DIRECTORY.resolve("kafka")));
        var shop = broker.thenApplyAsync(DevMain::openShop);
        var redrive = postgres.thenCombineAsync(broker, DevMain::startRedrive);
        CompletableFuture.allOf(shop, redrive).exceptionally(DevMain::giveUp).join();
        System.out.printf(
                "%n  Kafka     %s%n  Postgres  %s%n%nRedrive is ready on %s (Ctrl-C stops it all)%n",
                broker.join().bootstrapServers(),
                postgres.join().database("redrive"),
                redrive.join().url());
        Thread.currentThread().join();
    }

    /** Threads of the consumers would keep the process alive. */
    private static Void giveUp(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        System.err.println("Cannot start: " + cause + " (the logs in " + DIRECTORY + " may tell more)");
        System.exit(1);
        throw new IllegalStateException(failure);
    }

    private static Shop openShop(Broker broker) {
        try {
            return Shop.open(new Connection(broker.bootstrapServers()), DIRECTORY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static RedriveProcess startRedrive(Postgres postgres, Broker broker) {
        return RedriveProcess.on(postgres.database("redrive"), broker.bootstrapServers())
                .with("REDRIVE_HTTP_PORT", port("REDRIVE_HTTP_PORT", HTTP_PORT))
                .with("REDRIVE_MANAGEMENT_PORT", port("REDRIVE_MANAGEMENT_PORT", MANAGEMENT_PORT))
                .with("REDRIVE_SECRETS_KEY", secretsKey())
                .with("REDRIVE_ALERT_PRIVATE_TARGETS", "127.0.0.0/8,localhost")
                .log(DIRECTORY.resolve("redrive.log"))
                .start();
    }

    /** As the environment says, else the usual one, else, when somebody has taken that, any. */
    private static String port(String variable, int usual) {
        return Objects.requireNonNullElseGet(
                System.getenv(variable), () -> Integer.toString(Ports.isFree(usual) ? usual : Ports.free()));
    }

    /** Kept with the database, in which it seals the endpoints that somebody adds. */
    private static String secretsKey() {
        var file = DIRECTORY.resolve("secrets.key");
        try {
            if (!Files.exists(file)) {
                var key = new byte[32];
                new SecureRandom().nextBytes(key);
                Files.writeString(file, Base64.getEncoder().encodeToString(key));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
