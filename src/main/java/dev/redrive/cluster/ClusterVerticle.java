package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.LastingFailure;
import dev.redrive.Turns;
import dev.redrive.cluster.ConsumerLag.Place;
import dev.redrive.postgres.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the consumer groups of one cluster, in one process at a time: the one that holds the lease. The lease only
 * spares work: a second one would write the same figures.
 */
final class ClusterVerticle extends VerticleBase {

    /**
     * @param interval between two looks
     * @param looksPerSearch every so many looks it is found out which groups read our topics
     */
    record Pace(Duration interval, int looksPerSearch) {
        static final Pace STANDARD = new Pace(Duration.ofSeconds(5), 12);
    }

    private static final Logger log = LoggerFactory.getLogger(ClusterVerticle.class);
    private static final long MOST_SECONDS = 40;
    private static final Duration LEASE_TIME = Duration.ofSeconds(MOST_SECONDS + 10);
    private static final int LOOKS_PER_PRUNING = 100;
    private static final Duration STOP = Duration.ofSeconds(6);
    private static final int KAFKA_MILLIS = 8_000;

    private final WatchedCluster cluster;
    private final ConsumerLagStore store;
    private final ConsumerLagMetrics metrics;
    private final TopicNames names;
    private final Clock clock;
    private final Pace pace;
    private final Lease lease;
    private final ConsumerOffsets offsets;
    private final LagBoard board;
    private final LastingFailure failure;
    private Turns turns;
    private @Nullable Short ref;
    private Set<String> origins = Set.of();
    private boolean leading;
    private long began;
    private int looks;

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
        this.offsets = new ConsumerOffsets(cluster.admin(), pace.looksPerSearch());
        this.board = new LagBoard(pace.interval());
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
        return lead().timeout(MOST_SECONDS, TimeUnit.SECONDS)
                .recover(this::markFailing)
                .map(done -> {
                    failure.over();
                    return rest();
                });
    }

    private Duration rest() {
        var left = pace.interval().minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Future<Void> lead() {
        return lease.take().compose(ours -> {
            if (!ours) {
                leading = false;
                metrics.show(List.of());
                return Future.succeededFuture();
            }
            return known().compose(found -> found == null ? Future.succeededFuture() : begin(found));
        });
    }

    /** Null until something of the cluster was read: then nobody reads a topic of ours either. */
    private Future<@Nullable Short> known() {
        if (ref != null) {
            return Future.succeededFuture(ref);
        }
        var options = new DescribeClusterOptions().timeoutMs(KAFKA_MILLIS);
        return cluster.admin()
                .ask(client -> future(client.describeCluster(options).clusterId()))
                .compose(id -> store.met(cluster.name()).compose(met -> store.cluster(id)))
                .map(found -> ref = found.orElse(null));
    }

    private Future<Void> begin(short found) {
        Future<Void> ready = leading
                ? Future.succeededFuture()
                : store.stored(found).map(stored -> {
                    board.recall(stored);
                    leading = true;
                    return null;
                });
        return ready.compose(recalled -> store.topics(found))
                .compose(this::withOrigins)
                .compose(offsets::look)
                .compose(measured -> inspect(measured).compose(inspected -> write(found, measured)));
    }

    /** A consumer that tries one record for ever writes no letter that would name its topic; the dead-letter topic does. */
    private Future<Set<String>> withOrigins(Set<String> topics) {
        var named = looks % pace.looksPerSearch() == 0
                ? cluster.admin()
                        .ask(client -> future(client.listTopics().names()))
                        .map(all -> originsOf(topics, all))
                : Future.succeededFuture(origins);
        return named.map(found -> {
            origins = found;
            var all = new HashSet<>(topics);
            all.addAll(found);
            return all;
        });
    }

    private Set<String> originsOf(Set<String> topics, Set<String> all) {
        var found = new HashSet<String>();
        topics.forEach(topic -> {
            var origin = names.originOf(topic, all);
            if (origin != null) {
                found.add(origin);
            }
        });
        return found;
    }

    /** Where nobody could look, the lag is taken for what it seems to be. */
    private Future<Void> inspect(Measured measured) {
        var suspects = new HashMap<TopicPartition, Long>();
        var places = new HashMap<Place, TopicPartition>();
        for (var place : board.suspects(measured, clock.instant())) {
            var partition = new TopicPartition(place.topic(), place.partition());
            long from = at(measured, place).committed();
            // Two groups may rest in one partition; one of them is looked at now and the other one in the next look.
            if (suspects.size() < NextRecords.MOST && suspects.getOrDefault(partition, from) == from) {
                suspects.put(partition, from);
                places.put(place, partition);
            }
        }
        if (suspects.isEmpty()) {
            return Future.succeededFuture();
        }
        return cluster.next()
                .from(suspects)
                .<Void>map(found -> {
                    places.forEach((place, partition) -> board.found(
                            place, at(measured, place), found.nothing().contains(partition)));
                    return null;
                })
                .otherwiseEmpty();
    }

    private static Measured.Offsets at(Measured measured, Place place) {
        return measured.offsets().getOrDefault(place, new Measured.Offsets(0, 0));
    }

    private Future<Void> write(short found, Measured measured) {
        Instant now = clock.instant();
        var lags = board.fold(measured, now);
        var groups = GroupLag.of(lags);
        var facts = offsets.takeFacts();
        return store.pool()
                .withTransaction(connection -> store.save(connection, found, lags, now)
                        .compose(saved -> facts.isEmpty()
                                ? Future.<Void>succeededFuture()
                                : store.facts(connection, found, facts.get(), now))
                        .compose(saved -> store.watched(connection, found, now, measured.leftOut())))
                .compose(written -> {
                    metrics.show(groups);
                    return looks++ % LOOKS_PER_PRUNING == 0 ? store.prune(now).mapEmpty() : Future.succeededFuture();
                });
    }

    /** Figures stay as they were, and say from when they are. Who never answered is known by its name alone. */
    private Future<Void> markFailing(Throwable cause) {
        var known = ref;
        return Future.succeededFuture()
                .compose(ready -> known == null
                        ? store.unmet(cluster.name(), clock.instant())
                        : store.failing(known, clock.instant()))
                .transform(marked -> Future.failedFuture(cause));
    }

    /** The windows begin anew from what is stored. */
    private Duration failed(Throwable cause) {
        failure.tell(cause);
        leading = false;
        return rest();
    }
}
