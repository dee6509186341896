package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts the parts of the lanes of one cluster together, for one process. */
final class Lanes {

    private final TargetCluster cluster;
    private final LaneStores stores;
    private final LaneShare share;
    private final HoldListener holds;
    private final FallbackRecovery.Patience patience;
    private final @Nullable Mode mode;

    /** As the product runs them. */
    Lanes(TargetCluster cluster, Pool pool, Duration outcomeWindow, HoldListener holds, ReplayMetrics metrics) {
        this(cluster, pool, outcomeWindow, holds, metrics, FallbackRecovery.Patience.STANDARD, null);
    }

    /** @param mode what the cluster is taken for; null asks it */
    Lanes(
            TargetCluster cluster,
            Pool pool,
            Duration outcomeWindow,
            HoldListener holds,
            ReplayMetrics metrics,
            FallbackRecovery.Patience patience,
            @Nullable Mode mode) {
        this.cluster = cluster;
        this.holds = holds;
        this.stores = LaneStores.on(pool, outcomeWindow, metrics);
        this.share = new LaneShare(cluster, stores.lanes());
        this.patience = patience;
        this.mode = mode;
    }

    String cluster() {
        return cluster.name();
    }

    /** Before the first of its lanes is given back. */
    Future<Void> leave(LaneId lane) {
        return share.leave(lane.clusterId());
    }

    /** @return a lane that nobody owns yet; fails while Kafka or Postgres does not answer */
    Future<Lane> open(Vertx vertx, int number) {
        return cluster.kafkaId()
                .compose(kafkaId -> stores.lanes().identify(kafkaId, cluster.name(), number))
                .compose(id -> share.join(vertx, id.clusterId()).map(id))
                .map(id -> new Lane(
                        id,
                        cluster,
                        new LaneOwnership(
                                vertx,
                                stores.lanes(),
                                id,
                                share,
                                cluster.settings().lease()),
                        stores,
                        holds,
                        mode,
                        new Recovery(vertx, cluster, stores.recovery(), stores.copies()),
                        new FallbackRecovery(vertx, cluster, stores.recovery(), stores.copies(), patience)));
    }
}
