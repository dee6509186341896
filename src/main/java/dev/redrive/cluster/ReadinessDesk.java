package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures the readiness of a topic once for all who ask within 5 minutes, within 30 s where a check fails and somebody may
 * be mending it, and remembers it for lists. Of this process alone. Safe from any thread; answers come on the caller's context.
 */
final class ReadinessDesk {

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration FAILED_FRESH = Duration.ofSeconds(30);
    private static final Duration KEPT = Duration.ofMinutes(30);
    private static final int MOST_KEPT = 1_000;

    private record Key(String cluster, String topic) {}

    private record Measuring(Instant since, Future<Readiness> result) {

        /** Of one that is complete. */
        boolean isFresh(Instant now) {
            return result.succeeded()
                    && since.plus(result.result().isReady() ? FRESH : FAILED_FRESH)
                            .isAfter(now);
        }
    }

    private final Vertx vertx;
    private final TopicClusters clusters;
    private final ReadinessReader reader;
    private final Clock clock;
    private final Map<Key, Measuring> known = new ConcurrentHashMap<>();

    ReadinessDesk(Vertx vertx, TopicClusters clusters, ReadinessReader reader, Clock clock) {
        this.vertx = vertx;
        this.clusters = clusters;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * @param cluster null while there is one
     * @param fresh measured now; what is being measured counts as that
     */
    Future<Readiness> of(@Nullable String cluster, String topic, boolean fresh) {
        var where = clusters.named(cluster);
        var now = clock.instant();
        forgetOld(now);
        var measuring = known.compute(new Key(where.settings().name(), topic), (key, before) -> {
            boolean enough = before != null && (!before.result().isComplete() || !fresh && before.isFresh(now));
            return enough && before != null ? before : new Measuring(now, reader.measure(where, topic));
        });
        return Future.fromCompletionStage(measuring.result().toCompletionStage(), vertx.getOrCreateContext());
    }

    private void forgetOld(Instant now) {
        known.values()
                .removeIf(measuring -> measuring.result().isComplete()
                        && (measuring.result().failed()
                                || measuring.since().plus(KEPT).isBefore(now)
                                || known.size() > MOST_KEPT));
    }

    /** @param topics that do not exist any more */
    void forget(String cluster, Collection<String> topics) {
        topics.forEach(topic -> known.remove(new Key(cluster, topic)));
    }

    /** @return as it was measured within the last 30 minutes; null where it was not */
    @Nullable
    Readiness lately(String cluster, String topic) {
        var found = known.get(new Key(cluster, topic));
        boolean usable = found != null
                && found.result().succeeded()
                && found.since().plus(KEPT).isAfter(clock.instant());
        return usable && found != null ? found.result().result() : null;
    }
}
