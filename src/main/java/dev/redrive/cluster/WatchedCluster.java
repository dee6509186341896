package dev.redrive.cluster;

import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** The clients that look at one cluster: one admin client and a reader now and then. Safe from any thread. */
final class WatchedCluster {

    private final Vertx vertx;
    private final String name;
    private final Admin admin;
    private final NextRecords next;

    /** Opens the clients; Kafka need not be there yet. */
    WatchedCluster(Vertx vertx, KafkaClients clients) {
        this.vertx = vertx;
        this.name = clients.cluster().name();
        this.admin = clients.admin();
        this.next = new NextRecords(vertx, clients);
    }

    /** As the settings call it. */
    String name() {
        return name;
    }

    Admin admin() {
        return admin;
    }

    NextRecords next() {
        return next;
    }

    /** Closing waits for calls in hand, so it runs on a worker. */
    Future<Void> close() {
        return next.close()
                .compose(closed -> vertx.executeBlocking(() -> {
                    admin.close(Duration.ofSeconds(1));
                    return null;
                }));
    }
}
