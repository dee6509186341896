package dev.redrive.replay;

import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The receipts topic of one cluster: created on purpose with settings that keep proof, and read back after a doubt. */
final class Receipts {

    static final String TOPIC = "__redrive.receipts";

    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Longer than a transaction may stay open, which holds committed readers back. */
    private static final Duration READ_TIME = Duration.ofSeconds(45);

    private final ClusterAdmin admin;
    private final TargetTopics topics;
    private final KafkaClients clients;
    private final WorkerExecutor readers;

    Receipts(Vertx vertx, ClusterAdmin admin, KafkaClients clients) {
        this.admin = admin;
        this.topics = new TargetTopics(admin);
        this.clients = clients;
        this.readers = vertx.createSharedWorkerExecutor("redrive-receipts", 2, 2, TimeUnit.MINUTES);
    }

    /** @return id and first offset of the lane's partition; empty where topic or partition is missing */
    Future<Optional<Log>> find(int lane) {
        return topics.describe(Set.of(TOPIC)).compose(found -> {
            var topic = found.get(TOPIC);
            if (topic == null || topic.partitions() <= lane) {
                return Future.succeededFuture(Optional.empty());
            }
            var partition = new TopicPartition(TOPIC, lane);
            return topics.starts(List.of(partition))
                    .map(starts -> Optional.of(new Log(topic.id(), starts.getOrDefault(partition, 0L))));
        });
    }

    /** @param start first offset that is still there */
    record Log(UUID topicId, long start) {}

    /** Only for a lane that has no receipts yet: a topic that is gone is never created again in silence. */
    Future<Void> create(int lanes) {
        return admin.answer(client -> client.describeCluster().nodes()).compose(nodes -> {
            int replicas = Math.min(3, nodes.size());
            var topic = new NewTopic(TOPIC, lanes, (short) replicas)
                    .configs(Map.of(
                            "cleanup.policy", "delete",
                            "retention.ms", Long.toString(RETENTION.toMillis()),
                            "retention.bytes", "-1",
                            "min.insync.replicas", Integer.toString(Math.max(1, replicas - 1)),
                            "unclean.leader.election.enable", "false"));
            return admin.answer(client -> client.createTopics(List.of(topic)).all())
                    .recover(failure ->
                            failure instanceof TopicExistsException ? grow(lanes) : Future.failedFuture(failure));
        });
    }

    /** The number of lanes was raised. */
    private Future<Void> grow(int lanes) {
        return admin.answer(client -> client.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(lanes)))
                        .all())
                .recover(failure -> failure instanceof InvalidPartitionsException
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }

    /**
     * The committed receipts of this installation in the lane's partition. Blocks a worker thread, not the caller's.
     *
     * @param from first offset to read
     * @param barrier offset of a committed record; what lies before it is complete
     * @return fails with {@link org.apache.kafka.clients.consumer.OffsetOutOfRangeException} when {@code from} is gone
     */
    Future<List<Receipt>> read(LaneId lane, long from, long barrier) {
        return readers.executeBlocking(() -> readBlocking(lane, from, barrier), false);
    }

    private List<Receipt> readBlocking(LaneId lane, long from, long barrier) {
        var partition = new TopicPartition(TOPIC, lane.lane());
        var receipts = new ArrayList<Receipt>();
        long deadline = System.nanoTime() + READ_TIME.toNanos();
        try (var reader = clients.reader("read_committed")) {
            reader.assign(List.of(partition));
            reader.seek(partition, from);
            while (reader.position(partition) <= barrier) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The receipts of " + lane + " could not be read to offset "
                            + barrier + " within " + READ_TIME);
                }
                for (var record : reader.poll(POLL)) {
                    var receipt = Receipt.decode(record.value());
                    if (receipt != null && receipt.install().equals(lane.install()) && record.offset() <= barrier) {
                        receipts.add(receipt);
                    }
                }
            }
        }
        return List.copyOf(receipts);
    }

    Future<Void> close() {
        return readers.close();
    }
}
