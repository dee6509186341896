package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks who the members of consumer groups are, and how many partitions the topics they read have. Three questions for all. */
record GroupTopics(AdminOnDemand admin, int timeoutMillis) {

    /** @param assigned partitions of our topics that the members of a group have; of each group that Kafka described */
    record Found(List<GroupTopic> facts, Map<String, Set<TopicPartition>> assigned) {}

    /**
     * @param types of the groups, where Kafka told
     * @param readers the partitions that each group has committed for
     * @param young groups that have committed for nothing yet
     * @param ours topics that are watched
     */
    Future<Found> of(
            Map<String, GroupType> types,
            Map<String, Set<TopicPartition>> readers,
            Set<String> young,
            Set<String> ours) {
        var groups = new HashSet<>(readers.keySet());
        groups.addAll(young);
        if (groups.isEmpty()) {
            return Future.succeededFuture(new Found(List.of(), Map.of()));
        }
        var committed = Map.copyOf(readers);
        return described(types, groups).compose(described -> {
            var assigned = new HashMap<String, Set<TopicPartition>>();
            described.forEach((group, now) -> assigned.put(
                    group,
                    now.assigned().stream()
                            .filter(place -> ours.contains(place.topic()))
                            .collect(toSet())));
            return partitions(committed, assigned).map(partitions -> {
                assigned.replaceAll((group, places) -> existing(places, partitions));
                return new Found(facts(types, committed, assigned, described, partitions), assigned);
            });
        });
    }

    private Future<Map<String, GroupNow>> described(Map<String, GroupType> types, Set<String> groups) {
        var streams = groups.stream()
                .filter(group -> types.get(group) == GroupType.STREAMS)
                .toList();
        var others = groups.stream().filter(group -> !streams.contains(group)).toList();
        return admin.ask(client -> {
            var found = new HashMap<String, GroupNow>();
            var consumers = others.isEmpty()
                    ? Future.succeededFuture(Map.<String, ConsumerGroupDescription>of())
                    : answered(client.describeConsumerGroups(
                                    others, new DescribeConsumerGroupsOptions().timeoutMs(timeoutMillis))
                            .describedGroups());
            var tasks = streams.isEmpty()
                    ? Future.succeededFuture(Map.<String, StreamsGroupDescription>of())
                    : answered(client.describeStreamsGroups(
                                    streams, new DescribeStreamsGroupsOptions().timeoutMs(timeoutMillis))
                            .describedGroups());
            return Future.all(consumers, tasks).map(both -> {
                consumers.result().forEach((group, described) -> found.put(group, GroupNow.of(described)));
                tasks.result().forEach((group, described) -> found.put(group, GroupNow.of(described)));
                return found;
            });
        });
    }

    /** A task of a stream has a number that not each of its topics has. For that Kafka would look until the time is over. */
    private static Set<TopicPartition> existing(Set<TopicPartition> places, Map<String, TopicDescription> partitions) {
        return places.stream()
                .filter(place -> {
                    var topic = partitions.get(place.topic());
                    return topic == null
                            || place.partition() < topic.partitions().size();
                })
                .collect(toSet());
    }

    private Future<Map<String, TopicDescription>> partitions(
            Map<String, Set<TopicPartition>> committed, Map<String, Set<TopicPartition>> assigned) {
        var topics = new HashSet<String>();
        committed.values().forEach(places -> places.forEach(place -> topics.add(place.topic())));
        assigned.values().forEach(places -> places.forEach(place -> topics.add(place.topic())));
        if (topics.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var options = new DescribeTopicsOptions().timeoutMs(timeoutMillis);
        return admin.ask(
                client -> answered(client.describeTopics(topics, options).topicNameValues()));
    }

    /** What Kafka does not describe is missing. */
    private static <T> Future<Map<String, T>> answered(Map<String, KafkaFuture<T>> answers) {
        var found = new HashMap<String, T>();
        var all = new ArrayList<Future<?>>();
        answers.forEach((name, answer) -> all.add(future(answer)
                .<Void>map(described -> {
                    found.put(name, described);
                    return null;
                })
                .otherwise((Void) null)));
        return Future.join(all).map(done -> found);
    }

    private static List<GroupTopic> facts(
            Map<String, GroupType> types,
            Map<String, Set<TopicPartition>> committed,
            Map<String, Set<TopicPartition>> assigned,
            Map<String, GroupNow> described,
            Map<String, TopicDescription> partitions) {
        var groups = new HashSet<>(committed.keySet());
        groups.addAll(assigned.keySet());
        var facts = new ArrayList<GroupTopic>();
        for (var group : groups) {
            var counts = committed.getOrDefault(group, Set.of()).stream()
                    .collect(groupingBy(TopicPartition::topic, HashMap::new, counting()));
            assigned.getOrDefault(group, Set.of()).forEach(place -> counts.putIfAbsent(place.topic(), 0L));
            var now = described.get(group);
            var members = now == null ? null : (Integer) now.members();
            var type = types.get(group);
            counts.forEach((topic, count) -> {
                var found = partitions.get(topic);
                long all = found == null ? count : found.partitions().size();
                facts.add(new GroupTopic(group, topic, word(type), members, (int) Math.max(0, all - count)));
            });
        }
        return facts;
    }

    private static @Nullable String word(@Nullable GroupType type) {
        return type == null || type == GroupType.UNKNOWN ? null : type.name().toLowerCase(Locale.ROOT);
    }
}
