package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/**
 * Where the letters of jobs go. Remembered for a few seconds, since a job asks again with every batch; the lane asks once
 * more before it sends. Used by one engine, a turn after the other.
 */
final class JobTargets {

    private static final long FRESH_NANOS = 5_000_000_000L;
    private static final int MOST_TOPICS = 1_000;

    /** Each has 20,000 keys at most. */
    private static final int MOST_NEWEST = 10;

    /** Shorter than the lease of a batch, whose letters wait meanwhile. */
    private static final long KAFKA_SECONDS = 10;

    private final Map<String, TargetCluster> clusters;
    private final TopicReaders readers;
    private final Map<Place, Known> known = new HashMap<>();
    private final Map<Preview.Place, Newest> newest = new HashMap<>();

    /** @param clusters by the name of the settings */
    JobTargets(Map<String, TargetCluster> clusters, TopicReaders readers) {
        this.clusters = Map.copyOf(clusters);
        this.readers = readers;
    }

    record Place(String cluster, short clusterId, String topic) {}

    /**
     * @param isRead whether Redrive reads it, or ever did
     * @param mode what transactions of its cluster prove
     */
    record Found(TargetTopics.Topic topic, boolean isRead, Mode mode) {}

    private record Newest(NewestKeys keys, long at) {}

    private record Known(Optional<Found> found, long at) {}

    /** @return empty where there is no such topic, or none that we may see; fails when Kafka does not answer */
    Future<Optional<Found>> find(SqlConnection connection, Place place) {
        var before = known.get(place);
        if (before != null && System.nanoTime() - before.at() < FRESH_NANOS) {
            return Future.succeededFuture(before.found());
        }
        var cluster = clusters.get(place.cluster());
        if (cluster == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return cluster.topics()
                .describe(Set.of(place.topic()))
                .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                .compose(topics -> cluster.mode()
                        .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                        .compose(mode -> GatherStore.isRead(connection, place.clusterId(), place.topic())
                                .map(isRead -> Optional.ofNullable(topics.get(place.topic()))
                                        .map(topic -> new Found(topic, isRead, mode)))))
                .recover(JobTargets::outage)
                .onSuccess(found -> {
                    if (known.size() >= MOST_TOPICS) {
                        known.clear();
                    }
                    known.put(place, new Known(found, System.nanoTime()));
                });
    }

    /** @return consumer groups; fails when Kafka does not answer */
    Future<List<String>> readers(Preview.Place place) {
        var cluster = clusters.get(place.cluster());
        return cluster == null
                ? Future.succeededFuture(List.of())
                : readers.of(cluster, place.topic())
                        .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                        .recover(JobTargets::outage);
    }

    /** @return keys of its newest records; fails when Kafka does not answer */
    Future<NewestKeys> newest(Preview.Place place, TargetTopics.Topic topic) {
        var before = newest.get(place);
        if (before != null && System.nanoTime() - before.at() < FRESH_NANOS) {
            return Future.succeededFuture(before.keys());
        }
        var cluster = clusters.get(place.cluster());
        return cluster == null
                ? Future.succeededFuture(new NewestKeys(Map.of(), 0))
                : cluster.sources()
                        .newest(topic.name(), topic.partitions())
                        .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                        .recover(JobTargets::outage)
                        .onSuccess(keys -> {
                            if (newest.size() >= MOST_NEWEST) {
                                newest.clear();
                            }
                            newest.put(place, new Newest(keys, System.nanoTime()));
                        });
    }

    /** What Kafka says when it does not answer is the fault of no letter: the batch waits. */
    private static <T> Future<T> outage(Throwable failure) {
        return Future.failedFuture(
                failure instanceof KafkaException ? new IOException("Kafka does not answer", failure) : failure);
    }
}
