package dev.redrive.ingest;

import dev.redrive.ingest.ClusterTopics.Bounds;
import dev.redrive.ingest.Gap.Cause;
import dev.redrive.ingest.PositionStore.Stored;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out where an assigned partition is to be read from: which incarnation of its topic it is, what our position
 * there is, and whether Kafka still has what comes next. Names what it has not.
 */
final class Opening {

    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    private final String cluster;
    private final ClusterTopics topics;
    private final TopicStore topicStore;
    private final IngestStore store;

    Opening(String cluster, ClusterTopics topics, TopicStore topicStore, IngestStore store) {
        this.cluster = cluster;
        this.topics = topics;
        this.topicStore = topicStore;
        this.store = store;
    }

    /**
     * Repeatable. Fails while Kafka or Postgres is away and while the topic does not exist.
     *
     * @param divergent where Kafka says that the log went another way than the one we read, empty where it is unknown
     */
    Future<Binding> open(TopicPartition partition, Optional<OptionalLong> divergent) {
        return incarnation(partition)
                .compose(incarnation -> store.noteRecreation(incarnation)
                        .compose(noted -> store.position(incarnation))
                        .compose(position -> topics.bounds(partition)
                                .compose(bounds -> position.isEmpty()
                                        ? begin(incarnation, bounds)
                                        : goOn(incarnation, position.get(), bounds, divergent))));
    }

    /** Where the partition is to be read from by now. */
    Future<Optional<Stored>> position(Binding binding) {
        return store.position(binding.incarnation());
    }

    private Future<Incarnation> incarnation(TopicPartition partition) {
        var topic = partition.topic();
        return topics.ids(Set.of(topic)).compose(ids -> {
            var id = ids.get(topic);
            return id == null
                    ? Future.failedFuture(new IllegalStateException("Topic " + topic + " does not exist"))
                    : topicStore.ref(cluster, topic, id).map(ref -> new Incarnation(cluster, partition, id, ref));
        });
    }

    /** What was deleted before we first saw the topic is no gap: nobody was promised it. */
    private Future<Binding> begin(Incarnation incarnation, Bounds bounds) {
        return store.begin(incarnation, bounds.start()).map(begun -> new Binding(incarnation, bounds.start(), -1));
    }

    private Future<Binding> goOn(
            Incarnation incarnation, Stored position, Bounds bounds, Optional<OptionalLong> divergent) {
        long next = position.next();
        if (divergent.isPresent()) {
            long from = Math.min(next, divergent.get().orElse(bounds.start()));
            return skip(incarnation, next, Math.max(from, bounds.start()), from, next, Cause.TRUNCATION);
        }
        if (next > bounds.end()) {
            // Where the new log begins to differ is not known: read all of it again. What we have is stored once.
            return skip(incarnation, next, bounds.start(), bounds.end(), next, Cause.TRUNCATION);
        }
        if (next < bounds.start()) {
            return skip(incarnation, next, bounds.start(), next, bounds.start(), Cause.RETENTION);
        }
        return Future.succeededFuture(new Binding(incarnation, next, position.epoch()));
    }

    private Future<Binding> skip(Incarnation incarnation, long position, long goOnAt, long from, long to, Cause cause) {
        log.warn("{} has a gap by {}: offsets {} to {}, going on at {}", incarnation, cause.word(), from, to, goOnAt);
        return store.skip(incarnation, position, goOnAt, from, to, cause)
                .map(skipped -> new Binding(incarnation, goOnAt, -1));
    }
}
