package dev.redrive.ingest;

import dev.redrive.Failpoint;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka how far we are, for lag tools alone: we never ask for it. The ids of the topics are asked for just
 * before, because Kafka accepts a commit for an old topic on the new one of its name.
 */
final class KafkaCommits {

    private static final Logger log = LoggerFactory.getLogger(KafkaCommits.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Also where nothing is to be committed: a topic made again while nobody writes to it is noticed too. */
    private static final Duration VERIFY_EVERY = Duration.ofSeconds(5);

    private final ClusterTopics cluster;
    private final Bindings bindings;
    private final Map<TopicPartition, Binding> uncommitted = new HashMap<>();
    private long committedAt = System.nanoTime();
    private long verifiedAt = System.nanoTime();

    KafkaCommits(ClusterTopics cluster, Bindings bindings) {
        this.cluster = cluster;
        this.bindings = bindings;
    }

    void stored(List<Polled> batch) {
        for (var polled : batch) {
            uncommitted.put(polled.binding().partition(), polled.binding());
        }
    }

    /** Called at every turn of the loop, between two polls. */
    Future<Void> commitWhenDue(GroupMember member) {
        long now = System.nanoTime();
        if (now - verifiedAt > VERIFY_EVERY.toNanos()) {
            verifiedAt = now;
            return cluster.ids(topics(bindings.assigned())).compose(ids -> {
                bindings.verify(ids);
                return commit(member);
            });
        }
        return now - committedAt > EVERY.toNanos() ? commit(member) : Future.succeededFuture();
    }

    /** Never fails: the position in Postgres is the one that counts. */
    Future<Void> commit(GroupMember member) {
        committedAt = System.nanoTime();
        if (uncommitted.isEmpty()) {
            return Future.succeededFuture();
        }
        return cluster.ids(topics(uncommitted.keySet()))
                .compose(ids -> {
                    bindings.verify(ids);
                    var offsets = offsets();
                    uncommitted.clear();
                    return offsets.isEmpty() ? Future.<Void>succeededFuture() : member.commit(offsets);
                })
                .onSuccess(committed -> Failpoint.pass("ingest.committed"))
                .recover(failure -> {
                    log.warn("Kafka did not take our offsets, which only lag tools miss: {}", failure.toString());
                    return Future.succeededFuture();
                });
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        uncommitted.forEach((partition, binding) -> {
            if (bindings.isCurrent(binding)) {
                offsets.put(partition, GroupMember.at(binding.stored(), binding.storedEpoch()));
            }
        });
        return offsets;
    }

    private static Set<String> topics(Set<TopicPartition> partitions) {
        var topics = new HashSet<String>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        return topics;
    }
}
