package dev.redrive.cluster;

import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** A consumer group and a partition of a topic, as Kafka has them now. Each call takes 10 s at most. */
record GroupPlace(AdminOnDemand admin, String group, TopicPartition partition) {

    /** @param committed the offset that the group reads next; empty where it never committed one */
    record Now(int members, OptionalLong committed) {}

    /** @return empty where there is no such group */
    Future<Optional<Now>> now() {
        var described = admin.ask(client -> TopicCluster.ask(GroupNow.of(client, group)));
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition)));
        var offsets = admin.ask(
                client -> TopicCluster.ask(client.listConsumerGroupOffsets(spec).partitionsToOffsetAndMetadata(group)));
        return Future.all(described, offsets)
                .map(both -> Optional.of(new Now(
                        described.result().members(), committed(offsets.result().get(partition)))))
                .recover(failure -> failure instanceof GroupIdNotFoundException
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    private static OptionalLong committed(@Nullable OffsetAndMetadata offset) {
        return offset == null || offset.offset() < 0 ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }

    /** Fails with UnknownMemberIdException where the group has members, by either protocol: the broker sees to that. */
    Future<Void> move(long to) {
        var offsets = Map.of(partition, new OffsetAndMetadata(to));
        return admin.ask(client -> TopicCluster.ask(
                client.alterConsumerGroupOffsets(group, offsets).all()));
    }
}
