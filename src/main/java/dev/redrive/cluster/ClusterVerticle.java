package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.LastingFailure;
import dev.redrive.TimeLimit;
import dev.redrive.Turns;
import dev.redrive.postgres.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the consumer groups of one cluster, in one process at a time: the one that holds the lease. The lease only
 * spares work: a second one would write the same figures.
 */
final class ClusterVerticle extends VerticleBase {

    /**
     * A partition is called stuck after a window of looks, and one that nobody knew of a search later: with the standard
     * pace both together are less than a minute.
     *
     * @param interval between two looks
     * @param looksPerSearch every so many looks it is found out which groups read our topics
     */
    record Pace(Duration interval, int looksPerSearch) {
        static final Pace STANDARD = new Pace(Duration.ofSeconds(4), 3);
    }

    private static final Logger log = LoggerFactory.getLogger(ClusterVerticle.class);
    private static final Duration MOST = Duration.ofSeconds(40);
    private static final Duration LEASE_TIME = MOST.plusSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(6);
    private static final int KAFKA_MILLIS = 8_000;

    private final WatchedCluster cluster;
    private final ConsumerLagStore store;
    private final ConsumerLagMetrics metrics;
    private final TopicNames names;
    private final Clock clock;
    private final Pace pace;
    private final Lease lease;
    private final LastingFailure failure;
    private Turns turns;
    private @Nullable Short ref;
    private @Nullable ConsumerWatch watch;
    private long began;

    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    ClusterVerticle(
            WatchedCluster cluster,
            ConsumerLagStore store,
            ConsumerLagMetrics metrics,
            TopicNames names,
            Clock clock,
            Pace pace) {
        this.cluster = cluster;
        this.store = store;
        this.metrics = metrics;
        this.names = names;
        this.clock = clock;
        this.pace = pace;
        this.lease = new Lease(store.pool(), "cluster-watch " + cluster.name(), LEASE_TIME);
        this.failure =
                new LastingFailure(log, "The consumer groups of " + cluster.name() + " cannot be watched for now");
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
        began = System.nanoTime();
        return TimeLimit.within(MOST, this::lead)
                .map(groups -> {
                    failure.over();
                    metrics.show(groups);
                    return rest();
                })
                .recover(this::markFailing);
    }

    private Duration rest() {
        var left = pace.interval().minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** @return what was measured; nothing where another process does it, or nothing was read yet */
    private Future<List<GroupLag>> lead(TimeLimit limit) {
        return lease.take().compose(limit::pass).compose(ours -> {
            if (!ours) {
                watch = null;
                return nothing();
            }
            return known().compose(limit::pass)
                    .compose(found ->
                            found.isEmpty() ? nothing() : watch(found.get()).look(limit));
        });
    }

    private static Future<List<GroupLag>> nothing() {
        return Future.succeededFuture(List.of());
    }

    /** Empty until something of the cluster was read: then nobody reads a topic of ours either. */
    private Future<Optional<Short>> known() {
        if (ref != null) {
            return Future.succeededFuture(Optional.of(ref));
        }
        var options = new DescribeClusterOptions().timeoutMs(KAFKA_MILLIS);
        return cluster.admin()
                .ask(client -> future(client.describeCluster(options).clusterId()))
                .compose(id -> store.met(cluster.name()).compose(met -> store.cluster(id)))
                .onSuccess(found -> ref = found.orElse(null));
    }

    private ConsumerWatch watch(short found) {
        var going = watch;
        if (going == null) {
            going = new ConsumerWatch(cluster, found, store, names, clock, pace);
            watch = going;
        }
        return going;
    }

    /** Figures stay as they were, and say from when they are. Who never answered is known by its name alone. */
    private Future<Duration> markFailing(Throwable cause) {
        var known = ref;
        return Future.succeededFuture()
                .compose(ready -> known == null
                        ? store.unmet(cluster.name(), clock.instant())
                        : store.failing(known, clock.instant()))
                .transform(marked -> Future.failedFuture(cause));
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        watch = null;
        return rest();
    }
}
