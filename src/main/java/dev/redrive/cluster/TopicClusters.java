package dev.redrive.cluster;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** The clusters of the settings by name. Immutable. */
final class TopicClusters {

    private final Map<String, TopicCluster> byName;

    TopicClusters(Map<String, TopicCluster> byName) {
        this.byName = new LinkedHashMap<>(byName);
    }

    Iterable<TopicCluster> all() {
        return byName.values();
    }

    /** @param name null where the caller named none, which is enough while there is one */
    TopicCluster named(@Nullable String name) {
        if (name == null && byName.size() != 1) {
            throw RefusedException.invalidParameter("cluster", "There are several clusters; name one");
        }
        var found = name == null ? byName.values().iterator().next() : byName.get(name);
        if (found == null) {
            throw RefusedException.notFound("The settings name no cluster " + name);
        }
        return found;
    }

    /** The failures that only mean "later", as the problem for them; all others as they are. */
    static <T> Future<T> orUnavailable(Throwable failure) {
        boolean later = failure instanceof TimeoutException || failure instanceof RetriableException;
        return Future.failedFuture(
                later ? new RefusedException(ProblemCode.KAFKA_UNAVAILABLE, "Kafka does not answer") : failure);
    }
}
