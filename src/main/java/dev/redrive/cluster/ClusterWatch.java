package dev.redrive.cluster;

import dev.redrive.cluster.ClusterVerticle.Pace;
import dev.redrive.http.Routes;
import dev.redrive.kafka.KafkaClients;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The watch over the consumer groups of every cluster, as the rest of the product sees it. */
public final class ClusterWatch {

    private final Vertx vertx;
    private final Pool pool;
    private final TopicNames names;
    private final MeterRegistry metrics;
    private final Map<String, WatchedCluster> clusters = new LinkedHashMap<>();

    /**
     * Kafka need not be there yet, nor its brokers' names.
     *
     * @param pool for what is measured; the caller closes it
     */
    public ClusterWatch(Vertx vertx, List<KafkaClients> clusters, Pool pool, TopicNames names, MeterRegistry metrics) {
        this.vertx = vertx;
        this.pool = pool;
        this.names = names;
        this.metrics = metrics;
        clusters.forEach(clients -> this.clusters.put(clients.cluster().name(), new WatchedCluster(vertx, clients)));
    }

    public Future<?> deploy() {
        return deploy(Clock.systemUTC(), Pace.STANDARD);
    }

    Future<?> deploy(Clock clock, Pace pace) {
        return Future.all(clusters.values().stream()
                .map(cluster -> vertx.deployVerticle(new ClusterVerticle(
                        cluster,
                        new ConsumerLagStore(pool),
                        new ConsumerLagMetrics(metrics, cluster.name()),
                        names,
                        clock,
                        pace)))
                .toList());
    }

    /** @param reading a pool with a short statement timeout */
    public Routes routes(Pool reading) {
        return new ConsumerGroupRoutes(reading, clusters);
    }

    /** After the verticles have stopped. */
    public Future<Void> close() {
        return Future.join(clusters.values().stream().map(WatchedCluster::close).toList())
                .mapEmpty();
    }
}
