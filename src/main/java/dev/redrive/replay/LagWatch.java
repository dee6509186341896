package dev.redrive.replay;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the consumers of what jobs send are behind. A turn of a job never waits for Kafka here: it gets the last
 * answer, and where that is old the next one is asked for. So a slow Kafka holds up no other job.
 */
final class LagWatch {

    /** More targets and groups than that are not watched: one of them would always be behind. */
    static final int MOST_AIMS = 20;

    private static final Logger log = LoggerFactory.getLogger(LagWatch.class);
    private static final long FRESH_NANOS = 250_000_000L;
    private static final long KAFKA_SECONDS = 5;
    private static final int MOST_JOBS = 200;

    private final Map<String, TargetCluster> clusters;
    private final Duration patience;
    private final TopicReaders readers = new TopicReaders();
    private final Map<UUID, Watched> jobs = new ConcurrentHashMap<>();

    /**
     * @param clusters by the name of the settings
     * @param patience with a consumer that does not come nearer
     */
    LagWatch(Map<String, TargetCluster> clusters, Duration patience) {
        this.clusters = Map.copyOf(clusters);
        this.patience = patience;
    }

    /** Where letters of a job go. @param group that failed on them; empty where they do not say */
    record Aim(String cluster, String topic, String group) {}

    sealed interface Reading permits Pending, Unknown, Lag {}

    /** Kafka was not asked before; ask again soon. */
    record Pending() implements Reading {}

    /** Nobody can tell: no group is known, or more than one, or Kafka does not say. */
    record Unknown() implements Reading {}

    /**
     * Of the target whose group is farthest behind.
     *
     * @param settled replays of the job that had been sent when Kafka was asked; later ones may be missing
     * @param patience with a group that does not come nearer
     */
    record Lag(String group, String topic, long letters, long settled, Duration patience) implements Reading {}

    private record Watched(List<Aim> aims, Reading last, long at, boolean asked) {}

    private record Place(String cluster, String topic) {}

    /**
     * @param connection holds the job, whose letters are all gathered
     * @param settled replays of the job that have been sent so far
     */
    Future<Reading> of(SqlConnection connection, UUID job, long settled) {
        var before = jobs.get(job);
        if (before != null) {
            return Future.succeededFuture(look(job, before, settled));
        }
        return ReplayJobStore.aims(connection, job)
                .map(aims ->
                        look(job, new Watched(aims, new Pending(), System.nanoTime() - FRESH_NANOS, false), settled));
    }

    private Reading look(UUID job, Watched watched, long settled) {
        if (watched.aims().isEmpty() || watched.aims().size() > MOST_AIMS) {
            return new Unknown();
        }
        if (!watched.asked() && System.nanoTime() - watched.at() >= FRESH_NANOS) {
            if (jobs.size() >= MOST_JOBS) {
                jobs.clear();
            }
            jobs.put(job, new Watched(watched.aims(), watched.last(), watched.at(), true));
            ask(watched.aims(), settled)
                    .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                    .onFailure(failure -> log.warn("Cannot see how far consumers are: {}", failure.toString()))
                    .otherwise(new Unknown())
                    .onSuccess(now -> jobs.put(job, new Watched(watched.aims(), now, System.nanoTime(), false)));
        }
        return watched.last();
    }

    private Future<Reading> ask(List<Aim> aims, long settled) {
        var groups = aims.stream()
                .collect(groupingBy(aim -> new Place(aim.cluster(), aim.topic()), mapping(Aim::group, toSet())));
        var asked = groups.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue())
                        .compose(group -> group.isEmpty()
                                ? Future.succeededFuture(Optional.<Lag>empty())
                                : lag(entry.getKey(), group.get(), settled)))
                .toList();
        return Future.all(asked)
                .map(all -> asked.stream()
                        .flatMap(each -> each.result().stream())
                        .max(Comparator.comparingLong(Lag::letters))
                        .<Reading>map(lag -> lag)
                        .orElseGet(Unknown::new));
    }

    /** The one that the letters name, else the only one that reads the topic. */
    private Future<Optional<String>> group(Place place, Set<String> named) {
        var known = named.stream().filter(group -> !group.isEmpty()).toList();
        var cluster = clusters.get(place.cluster());
        if (cluster == null || known.size() > 1) {
            return Future.succeededFuture(Optional.empty());
        }
        return known.size() == 1
                ? Future.succeededFuture(Optional.of(known.get(0)))
                : readers.of(cluster, place.topic())
                        .map(groups -> groups.size() == 1 ? Optional.of(groups.get(0)) : Optional.empty());
    }

    private Future<Optional<Lag>> lag(Place place, String group, long settled) {
        var cluster = Optional.ofNullable(clusters.get(place.cluster())).orElseThrow();
        return new ConsumerProgress(cluster.admin())
                .lag(cluster.topics(), group, place.topic())
                .map(letters -> letters.map(some -> new Lag(group, place.topic(), some, settled, patience)));
    }
}
