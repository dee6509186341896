package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a lane together. */
final class Lanes {

    private final LaneStores stores;
    private final FallbackRecovery.Patience patience;
    private final @Nullable Mode mode;

    /** @param mode what every cluster is taken for; null asks the cluster */
    Lanes(Pool pool, Duration outcomeWindow, FallbackRecovery.Patience patience, @Nullable Mode mode) {
        this.stores = LaneStores.on(pool, outcomeWindow);
        this.patience = patience;
        this.mode = mode;
    }

    /** @return a lane that nobody owns yet; fails while Kafka or Postgres does not answer */
    Future<Lane> open(Vertx vertx, TargetCluster cluster, int number) {
        return cluster.kafkaId()
                .compose(kafkaId -> stores.lanes().identify(kafkaId, cluster.name(), number))
                .map(id -> new Lane(
                        id,
                        cluster,
                        new LaneOwnership(
                                vertx, stores.lanes(), id, cluster.settings().lease()),
                        stores,
                        mode,
                        new Recovery(vertx, cluster, stores.recovery(), stores.copies()),
                        new FallbackRecovery(vertx, cluster, stores.recovery(), stores.copies(), patience)));
    }
}
