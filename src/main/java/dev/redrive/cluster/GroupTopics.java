package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Asks how many members consumer groups have, and how many partitions the topics they read. Two questions for all. */
record GroupTopics(AdminOnDemand admin, int timeoutMillis) {

    /** @param readers the partitions that each group has committed for */
    Future<List<GroupTopic>> of(Map<String, Set<TopicPartition>> readers) {
        var topics = new HashSet<String>();
        readers.values().forEach(places -> places.forEach(place -> topics.add(place.topic())));
        if (topics.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        var groupOptions = new DescribeConsumerGroupsOptions().timeoutMs(timeoutMillis);
        var members = admin.ask(client -> counted(
                client.describeConsumerGroups(readers.keySet(), groupOptions).describedGroups(),
                group -> group.members().size()));
        var topicOptions = new DescribeTopicsOptions().timeoutMs(timeoutMillis);
        var partitions = admin.ask(client -> counted(
                client.describeTopics(topics, topicOptions).topicNameValues(),
                topic -> topic.partitions().size()));
        return Future.all(members, partitions)
                .map(both -> found(Map.copyOf(readers), members.result(), partitions.result()));
    }

    /** What Kafka does not describe is missing. */
    private static <T> Future<Map<String, Integer>> counted(
            Map<String, KafkaFuture<T>> answers, Function<T, Integer> count) {
        var found = new HashMap<String, Integer>();
        var all = new ArrayList<Future<?>>();
        answers.forEach((name, answer) -> all.add(future(answer)
                .<Void>map(described -> {
                    found.put(name, count.apply(described));
                    return null;
                })
                .otherwise((Void) null)));
        return Future.join(all).map(done -> found);
    }

    private static List<GroupTopic> found(
            Map<String, Set<TopicPartition>> readers, Map<String, Integer> members, Map<String, Integer> partitions) {
        var found = new ArrayList<GroupTopic>();
        readers.forEach((group, places) -> places.stream()
                .collect(groupingBy(TopicPartition::topic, counting()))
                .forEach((topic, committed) -> {
                    int all = partitions.getOrDefault(topic, committed.intValue());
                    int uncommitted = (int) Math.max(0, all - committed);
                    found.add(new GroupTopic(group, topic, members.get(group), uncommitted));
                }));
        return found;
    }
}
