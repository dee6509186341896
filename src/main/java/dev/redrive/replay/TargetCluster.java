package dev.redrive.replay;

import dev.redrive.Settings;
import dev.redrive.kafka.AdminOnDemand;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;

/** What all replays into one Kafka cluster share: an admin client, readers, and the questions asked of them. */
public final class TargetCluster {

    private static final String TRANSACTIONS = "transaction.version";

    /** KIP-890: the epoch is raised with every transaction, so that nothing late completes a wrong one. */
    private static final short STRICT_LEVEL = 2;

    private static final int ADMINS = 3;

    private final KafkaClients clients;
    private final Settings.Replay settings;
    private final ClusterAdmin admin;
    private final TargetTopics topics;
    private final Receipts receipts;
    private final TargetSearch search;
    private final SourceRecords sources;

    /** Kafka need not be there yet, nor its brokers' names. */
    public TargetCluster(Vertx vertx, KafkaClients clients, Settings.Replay settings) {
        this.clients = clients;
        this.settings = settings;
        this.admin = new ClusterAdmin(
                vertx,
                Stream.generate(() -> new AdminOnDemand(vertx, clients))
                        .limit(ADMINS)
                        .toList());
        this.topics = new TargetTopics(admin);
        this.receipts = new Receipts(vertx, admin, clients);
        this.search = new TargetSearch(vertx, clients);
        this.sources = new SourceRecords(vertx, clients);
    }

    KafkaClients clients() {
        return clients;
    }

    Settings.Replay settings() {
        return settings;
    }

    String name() {
        return clients.cluster().name();
    }

    ClusterAdmin admin() {
        return admin;
    }

    TargetTopics topics() {
        return topics;
    }

    Receipts receipts() {
        return receipts;
    }

    TargetSearch search() {
        return search;
    }

    SourceRecords sources() {
        return sources;
    }

    /** Kafka's own id. */
    Future<String> kafkaId() {
        return admin.answer(client -> client.describeCluster().clusterId());
    }

    /** How much a transaction of this cluster proves. Whether we may have one at all shows when a lane opens. */
    Future<Mode> mode() {
        return admin.answer(client ->
                        client.describeFeatures(new DescribeFeaturesOptions()).featureMetadata())
                .map(features -> {
                    var level = features.finalizedFeatures().get(TRANSACTIONS);
                    return level != null && level.maxVersionLevel() >= STRICT_LEVEL ? Mode.STRICT : Mode.BEST_EFFORT;
                });
    }

    public Future<Void> close() {
        return Future.join(admin.close(), receipts.close(), search.close(), sources.close())
                .mapEmpty();
    }
}
