package dev.redrive.dev.shop;

import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Books loyalty points with SmallRye Reactive Messaging and its dead-letter-queue strategy. Runs in a JVM of its own,
 * see {@link LoyaltyProcess}. Points that are no number fail until they are edited; those of Captain Chronos always.
 */
@ApplicationScoped
public class LoyaltyDesk {

    static final String CHANNEL = "loyalty";

    /** Runs until the process is ended. */
    public static void main(String[] arguments) throws InterruptedException {
        try (var container = SeContainerInitializer.newInstance()
                .addBeanClasses(LoyaltyDesk.class)
                .initialize()) {
            System.out.println("open " + container.isRunning());
            Thread.currentThread().join();
        }
    }

    /** Answers with a future, because of an exception that is thrown SmallRye reports its own wrapper only. */
    @Incoming(CHANNEL)
    public CompletionStage<Void> book(String value) {
        try {
            book(new JsonObject(value));
            return CompletableFuture.completedStage(null);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static void book(JsonObject booking) {
        if ("Captain Chronos".equals(booking.getString("hero"))) {
            throw new IllegalStateException("Captain Chronos has not been born yet and has no account");
        }
        Integer.parseInt(String.valueOf(booking.getValue("points")));
        System.out.println("done " + booking.getString("id"));
    }
}
