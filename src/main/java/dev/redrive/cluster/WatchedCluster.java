package dev.redrive.cluster;

import dev.redrive.kafka.AdminOnDemand;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The clients that look at one cluster: one admin client and a reader now and then. Safe from any thread. */
final class WatchedCluster {

    private final String name;
    private final AdminOnDemand admin;
    private final NextRecords next;

    /** Kafka need not be there yet, nor its brokers' names. */
    WatchedCluster(Vertx vertx, KafkaClients clients) {
        this.name = clients.cluster().name();
        this.admin = new AdminOnDemand(vertx, clients);
        this.next = new NextRecords(vertx, clients);
    }

    /** As the settings call it. */
    String name() {
        return name;
    }

    AdminOnDemand admin() {
        return admin;
    }

    NextRecords next() {
        return next;
    }

    Future<Void> close() {
        return next.close().compose(closed -> admin.close());
    }
}
