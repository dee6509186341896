package dev.redrive.replay;

import dev.redrive.replay.OutcomeStore.Awaiting;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** How far consumer groups have come. Groups that are unknown or not for us to see have come nowhere. */
final class ConsumerProgress {

    private static final int MOST_GROUPS = 1_000;

    private final ClusterAdmin admin;

    ConsumerProgress(ClusterAdmin admin) {
        this.admin = admin;
    }

    /** @return committed offsets by group; a partition without one is missing, or null */
    private Future<Map<String, Map<TopicPartition, OffsetAndMetadata>>> committed(
            Map<String, ListConsumerGroupOffsetsSpec> groups) {
        if (groups.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return admin.answers(
                client -> {
                    var result = client.listConsumerGroupOffsets(groups);
                    var asked = new HashMap<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>>();
                    groups.keySet().forEach(group -> asked.put(group, result.partitionsToOffsetAndMetadata(group)));
                    return asked;
                },
                ConsumerProgress::isAbsence);
    }

    private static boolean isAbsence(Throwable failure) {
        return failure instanceof GroupIdNotFoundException || failure instanceof AuthorizationException;
    }

    /** @return those whose consumer group has committed an offset behind the record; one request for all groups */
    Future<Set<Awaiting>> passed(Collection<Awaiting> awaiting) {
        var partitions = new HashMap<String, Set<TopicPartition>>();
        awaiting.forEach(each -> partitions
                .computeIfAbsent(each.consumerGroup(), group -> new HashSet<>())
                .add(placeOf(each)));
        var specs = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        partitions.forEach(
                (group, places) -> specs.put(group, new ListConsumerGroupOffsetsSpec().topicPartitions(places)));
        return committed(specs).map(offsets -> {
            var passed = new HashSet<Awaiting>();
            for (var each : awaiting) {
                var offset =
                        offsets.getOrDefault(each.consumerGroup(), Map.of()).get(placeOf(each));
                if (offset != null && offset.offset() > each.offset()) {
                    passed.add(each);
                }
            }
            return passed;
        });
    }

    private static TopicPartition placeOf(Awaiting awaiting) {
        return new TopicPartition(awaiting.topic(), awaiting.partition());
    }

    /** @return topics that members of each group are assigned to; groups that are not there are missing */
    Future<Map<String, Set<String>>> assigned(Collection<String> groups) {
        return admin.answers(
                        client -> client.describeConsumerGroups(groups).describedGroups(), ConsumerProgress::isAbsence)
                .map(found -> {
                    var topics = new HashMap<String, Set<String>>();
                    found.forEach((group, described) -> topics.put(
                            group,
                            described.members().stream()
                                    .flatMap(member -> member.assignment().topicPartitions().stream())
                                    .map(TopicPartition::topic)
                                    .collect(Collectors.toSet())));
                    return topics;
                });
    }

    /**
     * How far a group is behind on a topic, over the partitions that it has committed anything of. The last offset of a
     * partition may be the mark of a transaction, which some clients never commit; so one behind is none behind.
     *
     * @return letters at most; empty where the group has committed nothing there
     */
    Future<Optional<Long>> lag(TargetTopics topics, String group, String topic) {
        return committed(Map.of(group, new ListConsumerGroupOffsetsSpec())).compose(found -> {
            var offsets = new HashMap<TopicPartition, Long>();
            found.getOrDefault(group, Map.of()).forEach((place, offset) -> {
                if (place.topic().equals(topic) && offset != null) {
                    offsets.put(place, offset.offset());
                }
            });
            return offsets.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : topics.ends(offsets.keySet()).map(ends -> Optional.of(lag(offsets, ends)));
        });
    }

    private static long lag(Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> ends) {
        return offsets.entrySet().stream()
                .mapToLong(entry -> Math.max(0, ends.getOrDefault(entry.getKey(), 0L) - entry.getValue() - 1))
                .sum();
    }

    /** @return groups with a committed offset on the topic, in order; at most the first 1,000 groups are asked */
    Future<List<String>> readersOf(String topic) {
        return admin.answer(client -> client.listGroups().valid()).compose(groups -> {
            var specs = new HashMap<String, ListConsumerGroupOffsetsSpec>();
            groups.stream()
                    .limit(MOST_GROUPS)
                    .forEach(group -> specs.put(group.groupId(), new ListConsumerGroupOffsetsSpec()));
            return committed(specs)
                    .map(offsets -> offsets.entrySet().stream()
                            .filter(entry -> entry.getValue().keySet().stream()
                                    .anyMatch(place -> place.topic().equals(topic)))
                            .map(Map.Entry::getKey)
                            .sorted()
                            .toList());
        });
    }
}
