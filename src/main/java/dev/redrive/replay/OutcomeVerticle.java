package dev.redrive.replay;

import dev.redrive.LastingFailure;
import dev.redrive.Turns;
import dev.redrive.audit.AuditStore;
import dev.redrive.postgres.Lease;
import dev.redrive.replay.OutcomeStore.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of replays. One process does it at a time; two of them would only do it twice. A letter that
 * comes back after its replay was called recovered makes it returned after all.
 */
public final class OutcomeVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(OutcomeVerticle.class);
    private static final Duration LEASE_TIME = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(6);
    private static final long KAFKA_SECONDS = 20;
    private static final int MOST_ROUNDS = 5;

    private final Map<String, TargetCluster> clusters;
    private final OutcomeStore store;
    private final ReturnStore returns;
    private final Lease lease;
    private final LastingFailure failure = new LastingFailure(log, "What became of replays is found out later");
    private Turns turns;

    /** @param clusters by the name of the settings; the caller closes them */
    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    OutcomeVerticle(Map<String, TargetCluster> clusters, Pool pool, ReplayMetrics metrics) {
        this.clusters = Map.copyOf(clusters);
        var changes = new ChangeStore(new AuditStore(pool));
        this.store = new OutcomeStore(pool, changes, metrics);
        this.returns = new ReturnStore(pool, changes, metrics);
        this.lease = new Lease(pool, "replay-outcome", LEASE_TIME);
    }

    @Override
    public Future<?> start() {
        turns = Turns.begin(vertx, this::turn, this::failed);
        return Future.succeededFuture();
    }

    /** Waits for the look in hand. */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP).compose(ended -> lease.giveBack()).otherwiseEmpty();
    }

    private Future<Duration> turn() {
        return lease.whileOurs(this::look).map(looked -> {
            failure.over();
            return PAUSE;
        });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return PAUSE;
    }

    /** Returns first, so that nothing is called recovered that is known to have come back. */
    private Future<Void> look() {
        return store.knowLate()
                .compose(known -> returns.link())
                .compose(linked -> findGroups())
                .compose(found -> lookAtDue(MOST_ROUNDS));
    }

    /** A large job falls due as fast as it was sent: more than one round, but returns are linked in between. */
    private Future<Void> lookAtDue(int rounds) {
        return store.due()
                .compose(due -> returns.link(due.stream().map(Awaiting::id).toList())
                        .compose(linked -> look(due))
                        .compose(looked -> due.size() == OutcomeStore.MOST_DUE && rounds > 1 && !turns.stopping()
                                ? lookAtDue(rounds - 1)
                                : Future.succeededFuture()));
    }

    private Future<Void> look(List<Awaiting> due) {
        var byCluster = due.stream().collect(Collectors.groupingBy(Awaiting::cluster));
        return Future.join(byCluster.entrySet().stream()
                        .map(entry -> look(entry.getKey(), entry.getValue()))
                        .toList())
                .mapEmpty();
    }

    /**
     * Some frameworks do not write which group refused the record. Where exactly one group reads the topic it is that
     * one; with none or several nobody can tell, and the outcome stays {@code sent}.
     */
    private Future<Void> findGroups() {
        return store.withoutGroup()
                .compose(places -> Future.join(
                                places.stream().map(this::findGroup).toList())
                        .mapEmpty());
    }

    private Future<Void> findGroup(OutcomeStore.Unwatched place) {
        var cluster = clusters.get(place.cluster());
        if (cluster == null) {
            return Future.succeededFuture();
        }
        return new ConsumerProgress(cluster.admin())
                .readersOf(place.topic())
                .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                .compose(groups -> groups.size() == 1 ? store.watch(place, groups.get(0)) : Future.succeededFuture());
    }

    private Future<Void> look(String name, List<Awaiting> awaiting) {
        var cluster = clusters.get(name);
        var passed = cluster == null
                ? Future.<Set<Awaiting>>succeededFuture(Set.of())
                : new ConsumerProgress(cluster.admin()).passed(awaiting).timeout(KAFKA_SECONDS, TimeUnit.SECONDS);
        return passed.compose(done -> store.recovered(
                        done.stream().map(Awaiting::id).toList())
                .compose(recovered ->
                        store.lookLater(awaiting.stream().map(Awaiting::id).toList())));
    }
}
