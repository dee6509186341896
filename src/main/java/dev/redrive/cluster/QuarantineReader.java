package dev.redrive.cluster;

import dev.redrive.cluster.Quarantine.Ask;
import dev.redrive.cluster.Quarantine.Obstacle;
import dev.redrive.cluster.Quarantine.Target;
import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Looks at everything that decides whether a record can be taken out of the way. Changes nothing. */
final class QuarantineReader {

    private final DeadLetterTopicOf deadLetters;
    private final NextRecords records;
    private final QuarantineStore store;

    QuarantineReader(DeadLetterTopicOf deadLetters, NextRecords records, QuarantineStore store) {
        this.deadLetters = deadLetters;
        this.records = records;
        this.store = store;
    }

    /** Fails with a problem where there is no such topic, partition or group, or Kafka does not answer. */
    Future<Quarantine> look(TopicCluster cluster, Ask ask) {
        var topic = cluster.find(ask.topic());
        var place = new GroupPlace(cluster.admin(), ask.group(), ask.place()).now();
        return Future.all(topic, place)
                .compose(both -> {
                    var state = topic.result()
                            .filter(found -> ask.partition() < found.partitions())
                            .orElseThrow(() -> RefusedException.notFound("There is no partition " + ask.partition()
                                    + " of a topic " + ask.topic() + ", or Redrive may not see it"));
                    return orWatched(cluster, ask, place.result())
                            .map(now -> now.orElseThrow(
                                    () -> RefusedException.notFound("There is no consumer group " + ask.group())))
                            .compose(now -> look(cluster, ask, state.id(), now));
                })
                .recover(TopicClusters::orUnavailable);
    }

    /** A group that never committed anything is gone with its last member, and comes back with the first one. */
    private Future<Optional<GroupPlace.Now>> orWatched(TopicCluster cluster, Ask ask, Optional<GroupPlace.Now> found) {
        return found.isPresent()
                ? Future.succeededFuture(found)
                : cluster.kafkaId()
                        .compose(id -> store.wasWatched(id, ask))
                        .map(watched ->
                                watched ? Optional.of(new GroupPlace.Now(0, OptionalLong.empty())) : Optional.empty());
    }

    private Future<Quarantine> look(TopicCluster cluster, Ask ask, UUID topicId, GroupPlace.Now now) {
        // Who never committed may stand at the first record there is.
        long from = now.committed().orElse(0);
        var next = records.from(Map.of(ask.place(), Math.min(from, ask.offset())));
        var target = target(cluster, ask);
        return Future.all(next, target).map(both -> {
            var record = next.result().records().get(ask.place());
            var found = record != null && record.offset() == ask.offset() ? record : null;
            var to = target.result().orElse(null);
            return new Quarantine(
                    ask,
                    cluster.settings().name(),
                    topicId,
                    found,
                    to == null ? null : to.target(),
                    now.members(),
                    now.committed(),
                    obstacles(ask, now, record, to));
        });
    }

    /** @param most bytes that the brokers take */
    private record Found(Target target, long most) {}

    private Future<Optional<Found>> target(TopicCluster cluster, Ask ask) {
        var all = cluster.names();
        var id = cluster.kafkaId();
        return Future.all(all, id)
                .compose(known -> deadLetters.find(id.result(), ask.topic(), all.result()))
                .compose(name -> name.map(cluster::find).orElse(Future.succeededFuture(Optional.empty())))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : target(cluster, ask, found.get()).map(Optional::of));
    }

    /** The partition is always the same one for a record, so that a copy can be found again. */
    private static Future<Found> target(TopicCluster cluster, Ask ask, TopicState state) {
        var partition = new TopicPartition(state.name(), ask.partition() % state.partitions());
        return cluster.offsets(Set.of(partition), OffsetSpec.latest()).map(ends -> {
            var end = ends.get(partition);
            return new Found(
                    new Target(partition.topic(), partition.partition(), end == null ? 0 : end.offset()),
                    state.number(TopicState.MESSAGE_BYTES).orElse(Long.MAX_VALUE));
        });
    }

    private static List<Obstacle> obstacles(
            Ask ask, GroupPlace.Now now, @Nullable ConsumerRecord<byte[], byte[]> next, @Nullable Found to) {
        var obstacles = new ArrayList<Obstacle>();
        inTheWay(ask, now, next).ifPresent(obstacles::add);
        if (to == null) {
            obstacles.add(new Obstacle(
                    "no-dead-letter-topic",
                    "There is no dead-letter topic for " + ask.topic() + " to copy the record to. Make one first."));
        } else if (next != null && size(ask, next, to.target()) > to.most()) {
            obstacles.add(new Obstacle(
                    "record-too-large",
                    to.target().topic() + " takes " + to.most() + " bytes at most; raise its max.message.bytes."));
        }
        if (now.members() > 0) {
            obstacles.add(running(ask, now.members()));
        }
        return obstacles;
    }

    /** @return why it is not the record that the group would read next; empty where it is */
    private static Optional<Obstacle> inTheWay(
            Ask ask, GroupPlace.Now now, @Nullable ConsumerRecord<byte[], byte[]> next) {
        if (now.committed().isPresent() && now.committed().getAsLong() > ask.offset()) {
            return Optional.of(new Obstacle(
                    "already-past",
                    "The group reads offset " + now.committed().getAsLong() + " next; the record is behind it."));
        }
        if (next == null) {
            return Optional.of(new Obstacle(
                    "record-unreadable",
                    "No committed record could be read there: it is gone, or a transaction is open."));
        }
        if (next.offset() == ask.offset()) {
            return Optional.empty();
        }
        return Optional.of(new Obstacle(
                "not-in-the-way",
                now.committed().isPresent()
                        ? "The group would read offset " + next.offset() + " next, and not this record."
                        : "The group never committed an offset for this partition and this is not its first record, so"
                                + " nothing tells where it stands."));
    }

    private static int size(Ask ask, ConsumerRecord<byte[], byte[]> record, Target to) {
        var added = QuarantineHeaders.added(new UUID(0, 0), ask, record);
        return QuarantineHeaders.sizeOf(QuarantineHeaders.copy(record, to.topic(), to.partition(), added));
    }

    /** Kafka moves the offset of no group that has members, and one that runs would commit over it. */
    static Obstacle running(Ask ask, int members) {
        return new Obstacle(
                Quarantine.GROUP_IS_RUNNING,
                "The group has " + (members == 1 ? "1 member" : members + " members") + ". Stop all consumers of "
                        + ask.group() + ", ask again, and start them when it is done.");
    }
}
