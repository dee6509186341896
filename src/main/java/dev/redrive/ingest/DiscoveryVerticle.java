package dev.redrive.ingest;

import dev.redrive.LastingFailure;
import dev.redrive.Turns;
import dev.redrive.ingest.Discovery.Decision;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists a cluster's topics again and again, for the readers of this process, and measures how far behind we are. */
final class DiscoveryVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(DiscoveryVerticle.class);

    /** A pause is expected to work at once by whoever asked for it. */
    private static final Duration PAUSES = Duration.ofSeconds(1);

    private static final long QUERY_SECONDS = 10;
    private static final Duration STOP = Duration.ofSeconds(3);

    private final String clusterId;
    private final Duration interval;
    private final ClusterTopics cluster;
    private final TopicStore topicStore;
    private final TopicList topics;
    private final IngestStatus status;
    private final IngestMetrics metrics;
    private final Function<Vertx, Discovery> openDiscovery;
    private final LastingFailure unasked;
    private final LastingFailure unseen;
    private Discovery discovery;
    private Map<String, Decision> decisions = Map.of();
    private Turns asking;
    private Turns looking;
    private boolean pausesKnown;

    @SuppressWarnings("NullAway.Init") // what needs vertx is made in start(), which Vert.x calls first
    DiscoveryVerticle(
            String clusterId,
            Duration interval,
            ClusterTopics cluster,
            TopicStore topicStore,
            TopicList topics,
            IngestStatus status,
            IngestMetrics metrics,
            Function<Vertx, Discovery> openDiscovery) {
        this.clusterId = clusterId;
        this.interval = interval;
        this.cluster = cluster;
        this.topicStore = topicStore;
        this.topics = topics;
        this.status = status;
        this.metrics = metrics;
        this.openDiscovery = openDiscovery;
        this.unasked = new LastingFailure(log, "What is paused stays as it was");
        this.unseen = new LastingFailure(log, "The topics of " + clusterId + " cannot be looked at for now");
    }

    @Override
    public Future<?> start() {
        discovery = openDiscovery.apply(vertx);
        asking = Turns.begin(vertx, this::ask, failure -> {
            unasked.tell(failure);
            return PAUSES;
        });
        looking = Turns.begin(vertx, this::look, failure -> {
            unseen.tell(failure);
            return interval;
        });
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return Future.join(asking.stop(STOP), looking.stop(STOP)).otherwiseEmpty();
    }

    /** What was known stays true while Postgres does not answer. */
    private Future<Duration> ask() {
        return topicStore
                .paused(clusterId)
                .timeout(QUERY_SECONDS, TimeUnit.SECONDS)
                .map(paused -> {
                    topics.pause(paused);
                    unasked.over();
                    if (!pausesKnown) {
                        pausesKnown = true;
                        looking.wake();
                    }
                    return PAUSES;
                });
    }

    /** Nothing is read before it is known what is paused. */
    private Future<Duration> look() {
        if (!pausesKnown) {
            return Future.succeededFuture(PAUSES);
        }
        return round().map(done -> {
            unseen.over();
            return interval;
        });
    }

    private Future<Void> round() {
        return topicStore
                .readBefore(clusterId)
                .otherwise(Set.of())
                .compose(known -> decided().compose(decisions -> discovery.round(known, decisions)))
                .onSuccess(wanted -> {
                    topics.set(wanted);
                    status.leaves(discovery.clusterName(), discovery.notRead());
                })
                .compose(wanted -> measure(wanted.keySet()));
    }

    /** What was known stays true while Postgres does not answer; before the first answer nobody decided anything. */
    private Future<Map<String, Decision>> decided() {
        return topicStore
                .decisions(clusterId)
                .onSuccess(known -> decisions = known)
                .otherwise(ignored -> decisions);
    }

    private Future<Void> measure(Set<String> names) {
        return cluster.describe(names).compose(described -> {
            var partitions = new ArrayList<TopicPartition>();
            described.forEach((name, topic) -> topic.partitions()
                    .forEach(partition -> partitions.add(new TopicPartition(name, partition.partition()))));
            return cluster.readable(partitions)
                    .compose(ends -> topicStore.positions(clusterId, names).map(positions -> {
                        topics.positions(positions);
                        status.show(
                                clusterId, positions, ends, Clock.systemUTC().instant());
                        show();
                        return null;
                    }));
        });
    }

    private void show() {
        var lag = new HashMap<String, Long>();
        var oldest = new HashMap<String, Double>();
        var now = Clock.systemUTC().instant();
        for (var partition : status.partitions()) {
            lag.merge(partition.topic(), partition.lag(), Long::sum);
            var unread = partition.oldestUnread();
            double age = unread == null ? 0 : Duration.between(unread, now).toMillis() / 1000.0;
            oldest.merge(partition.topic(), Math.max(0, age), Math::max);
        }
        metrics.show(lag, oldest);
    }
}
