package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;
import static java.util.stream.Collectors.groupingBy;

import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks which share groups read our topics and how far behind they are. They hand out records one by one and in no order, so
 * there is no offset whose rest would say that one is stuck.
 */
record ShareGroups(AdminOnDemand admin, int timeoutMillis) {

    /** @param silent groups that did not answer, of which what was known stays */
    record Found(List<ShareGroupTopic> reading, Set<String> silent) {
        static final Found NOTHING = new Found(List.of(), Set.of());
    }

    /** Never fails. @param groups names of share groups; {@code ours} topics that are watched */
    Future<Found> of(Collection<String> groups, Set<String> ours) {
        if (groups.isEmpty()) {
            return Future.succeededFuture(Found.NOTHING);
        }
        return admin.ask(client -> {
                    var described = client.describeShareGroups(
                                    groups, new DescribeShareGroupsOptions().timeoutMs(timeoutMillis))
                            .describedGroups();
                    var specs = new HashMap<String, ListShareGroupOffsetsSpec>();
                    groups.forEach(group -> specs.put(group, new ListShareGroupOffsetsSpec()));
                    var offsets = client.listShareGroupOffsets(
                            specs, new ListShareGroupOffsetsOptions().timeoutMs(timeoutMillis));
                    var reading = new ArrayList<ShareGroupTopic>();
                    var silent = new HashSet<String>();
                    var all = new ArrayList<Future<?>>();
                    described.forEach((group, answer) -> {
                        var members = future(answer);
                        var read = future(offsets.partitionsToOffsetInfo(group));
                        all.add(Future.join(members, read).otherwiseEmpty().onSuccess(done -> {
                            if (members.failed()) {
                                silent.add(group);
                            } else {
                                reading.addAll(
                                        reading(members.result(), read.succeeded() ? read.result() : Map.of(), ours));
                            }
                        }));
                    });
                    return Future.join(all).map(done -> new Found(reading, silent));
                })
                .otherwise(failure -> new Found(List.of(), Set.copyOf(groups)));
    }

    /** What is assigned now or was read before, by topic. */
    private static List<ShareGroupTopic> reading(
            ShareGroupDescription group, Map<TopicPartition, SharePartitionOffsetInfo> offsets, Set<String> ours) {
        var places = new HashSet<>(offsets.keySet());
        group.members().forEach(member -> places.addAll(member.assignment().topicPartitions()));
        return places.stream()
                .filter(place -> ours.contains(place.topic()))
                .collect(groupingBy(TopicPartition::topic))
                .entrySet()
                .stream()
                .map(topic -> new ShareGroupTopic(
                        group.groupId(),
                        topic.getKey(),
                        state(group.groupState()),
                        group.members().size(),
                        topic.getValue().size(),
                        lag(topic.getValue(), offsets)))
                .toList();
    }

    private static String state(GroupState state) {
        return switch (state) {
            case STABLE, EMPTY, DEAD -> state.name().toLowerCase(Locale.ROOT);
            default -> "unknown";
        };
    }

    private static @Nullable Long lag(
            List<TopicPartition> places, Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
        long lag = 0;
        for (var place : places) {
            var found = offsets.get(place);
            if (found == null || found.lag().isEmpty()) {
                return null;
            }
            lag += Math.max(0, found.lag().get());
        }
        return lag;
    }
}
