package dev.redrive.ingest;

import dev.redrive.kafka.KafkaClients;
import dev.redrive.kafka.PollBudget;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaReadStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of the ingest group. Partitions come paused: nothing of them is handed out before they were sought to our
 * own position. Calls must follow one another, which the loop of the verticle sees to; then those that go to the
 * native consumer never meet a running poll.
 *
 * <p>The rebalance listener is a native one, because that of vertx-kafka-client runs when the first records of a new
 * partition may be out already.
 */
final class GroupMember {

    /** What a rebalance did, told on the event loop before the poll that noticed it answers. */
    interface Partitions {
        void assigned(Collection<TopicPartition> partitions);

        void revoked(Collection<TopicPartition> partitions);
    }

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PollBudget budget;
    private final KafkaReadStream<byte[], byte[]> stream;
    private final ConsumerRebalanceListener listener;

    private GroupMember(Vertx vertx, KafkaConsumer<byte[], byte[]> consumer, PollBudget budget, Partitions partitions) {
        this.vertx = vertx;
        this.consumer = consumer;
        this.budget = budget;
        this.stream = KafkaReadStream.create(vertx, consumer);
        this.listener = new PausingListener(vertx.getOrCreateContext(), consumer, partitions);
    }

    /** Off the event loop, because a name server is asked; fails while no broker's name is known to it. */
    static Future<GroupMember> open(Vertx vertx, KafkaClients clients, Partitions partitions) {
        var budget = new PollBudget(Backlog.POLL_BYTES);
        return vertx.executeBlocking(() -> clients.ingestConsumer(budget)).compose(consumer -> {
            var member = new GroupMember(vertx, consumer, budget, partitions);
            // The wrapper starts its thread at the first call that is not a poll.
            return member.stream.assignment().map(none -> member);
        });
    }

    /** @param topics none leaves the group */
    Future<Void> subscribe(Set<String> topics) {
        return vertx.executeBlocking(() -> {
            if (topics.isEmpty()) {
                consumer.unsubscribe();
            } else {
                consumer.subscribe(topics, listener);
            }
            return null;
        });
    }

    Future<ConsumerRecords<byte[], byte[]>> poll(Duration timeout) {
        budget.renew();
        return stream.poll(timeout);
    }

    /** With the epoch of the record before the offset the broker can tell that its log went another way since. */
    Future<Void> seek(TopicPartition partition, long offset, int epoch) {
        return stream.seek(partition, at(offset, epoch));
    }

    Future<Void> pause(Set<TopicPartition> partitions) {
        return partitions.isEmpty() ? Future.succeededFuture() : stream.pause(partitions);
    }

    Future<Void> resume(Set<TopicPartition> partitions) {
        return partitions.isEmpty() ? Future.succeededFuture() : stream.resume(partitions);
    }

    Future<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return stream.commit(offsets).mapEmpty();
    }

    /** Leaves the group, so that others take over at once; waits for the broker no longer than 3 s. */
    Future<Void> close() {
        return vertx.executeBlocking(() -> {
                    consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
                    return null;
                })
                .eventually(stream::close)
                .mapEmpty();
    }

    static OffsetAndMetadata at(long offset, int epoch) {
        return new OffsetAndMetadata(offset, epoch < 0 ? Optional.empty() : Optional.of(epoch), "");
    }

    /** Runs on the polling thread, inside poll. */
    private record PausingListener(Context context, KafkaConsumer<byte[], byte[]> consumer, Partitions partitions)
            implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            consumer.pause(assigned);
            // Any place will do: without one the consumer would ask for the committed offset and, having none, fail.
            assigned.forEach(partition -> consumer.seek(partition, 0));
            context.runOnContext(now -> partitions.assigned(assigned));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            context.runOnContext(now -> partitions.revoked(revoked));
        }
    }
}
