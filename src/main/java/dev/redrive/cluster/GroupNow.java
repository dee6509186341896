package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupSubtopologyDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * The members of a group that commits offsets, as Kafka describes them: a consumer group, or a streams group (KIP-1071),
 * which commits as a consumer group does and is described by another question.
 *
 * @param assigned partitions that the members have; of a streams group perhaps more than its topics have
 */
record GroupNow(int members, Set<TopicPartition> assigned) {

    static GroupNow of(ConsumerGroupDescription group) {
        return new GroupNow(
                group.members().size(),
                group.members().stream()
                        .flatMap(member -> member.assignment().topicPartitions().stream())
                        .collect(toSet()));
    }

    /** A task reads the partition of its number of every source topic of its part of the topology. */
    static GroupNow of(StreamsGroupDescription group) {
        var sources = group.subtopologies().stream()
                .collect(toMap(
                        StreamsGroupSubtopologyDescription::subtopologyId,
                        StreamsGroupSubtopologyDescription::sourceTopics,
                        (one, same) -> one));
        var assigned = new HashSet<TopicPartition>();
        group.members()
                .forEach(member -> member.assignment()
                        .activeTasks()
                        .forEach(task -> sources.getOrDefault(task.subtopologyId(), List.of())
                                .forEach(topic -> task.partitions()
                                        .forEach(partition -> assigned.add(new TopicPartition(topic, partition))))));
        return new GroupNow(group.members().size(), assigned);
    }

    /** Fails with {@link GroupIdNotFoundException} where there is no group of either kind. */
    static Future<GroupNow> of(Admin client, String group) {
        var asked = client.describeConsumerGroups(List.of(group)).describedGroups();
        return future(Objects.requireNonNull(asked.get(group), group))
                .map(GroupNow::of)
                .recover(failure -> isAbsence(failure)
                        ? ofStreams(client, group)
                                .recover(neither -> Future.failedFuture(isAbsence(neither) ? failure : neither))
                        : Future.failedFuture(failure));
    }

    /** A broker that knows no streams groups has none. */
    private static boolean isAbsence(Throwable failure) {
        var cause = TopicCluster.unwrapped(failure);
        return cause instanceof GroupIdNotFoundException || cause instanceof UnsupportedVersionException;
    }

    private static Future<GroupNow> ofStreams(Admin client, String group) {
        var asked = client.describeStreamsGroups(List.of(group)).describedGroups();
        return future(Objects.requireNonNull(asked.get(group), group)).map(GroupNow::of);
    }
}
