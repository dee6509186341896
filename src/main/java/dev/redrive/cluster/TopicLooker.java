package dev.redrive.cluster;

import static dev.redrive.cluster.TopicCluster.ask;

import dev.redrive.cluster.TopicLook.Kept;
import dev.redrive.cluster.TopicLook.Log;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** Asks one cluster about its dead-letter topics: six questions a look, whatever their number. */
final class TopicLooker {

    private final Admin admin;

    TopicLooker(Admin admin) {
        this.admin = admin;
    }

    /** @param positions of ingest; topics that are gone by now are left out */
    Future<TopicLook> look(Map<TopicPartition, Long> positions) {
        return existing(positions.keySet()).compose(partitions -> {
            if (partitions.isEmpty()) {
                return Future.succeededFuture(new TopicLook(Map.of(), Map.of(), Map.of()));
            }
            var starts = offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
            var stable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
            // After the stable ones, so that a record that is written meanwhile does not look like one held back.
            var ends =
                    stable.compose(known -> offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
            var kept = kept(partitions);
            var bytes = bytes(new HashSet<>(partitions));
            return Future.all(starts, stable, ends, kept, bytes).map(all -> {
                var logs = new HashMap<TopicPartition, Log>();
                for (var partition : partitions) {
                    long start = starts.result().getOrDefault(partition, 0L);
                    long end = ends.result().getOrDefault(partition, start);
                    logs.put(
                            partition,
                            new Log(
                                    start,
                                    stable.result().getOrDefault(partition, end),
                                    end,
                                    positions.getOrDefault(partition, end)));
                }
                return new TopicLook(logs, kept.result(), bytes.result());
            });
        });
    }

    private Future<List<TopicPartition>> existing(Collection<TopicPartition> wanted) {
        return ask(admin.listTopics().names())
                .map(names -> wanted.stream()
                        .filter(partition -> names.contains(partition.topic()))
                        .toList());
    }

    private Future<Map<TopicPartition, Long>> offsets(
            List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel level) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, spec));
        var answers = admin.listOffsets(asked, new ListOffsetsOptions(level));
        var offsets = new HashMap<TopicPartition, Long>();
        var all = partitions.stream()
                .map(partition -> ask(answers.partitionResult(partition))
                        .<Void>map(found -> {
                            offsets.put(partition, found.offset());
                            return null;
                        })
                        .otherwise((Void) null))
                .toList();
        return Future.join(all).map(done -> offsets);
    }

    /** What we may not read is taken for kept for ever. */
    private Future<Map<String, Kept>> kept(List<TopicPartition> partitions) {
        var topics = new ArrayList<ConfigResource>();
        partitions.stream()
                .map(TopicPartition::topic)
                .distinct()
                .forEach(topic -> topics.add(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        var kept = new HashMap<String, Kept>();
        var answers = admin.describeConfigs(topics).values();
        var all = new ArrayList<Future<?>>();
        answers.forEach((topic, answer) -> all.add(ask(answer)
                .<Void>map(found -> {
                    kept.put(topic.name(), kept(found));
                    return null;
                })
                .otherwise((Void) null)));
        return Future.join(all).map(done -> kept);
    }

    private static Kept kept(Config config) {
        var cleanup = config.get(TopicState.CLEANUP);
        return cleanup != null && !cleanup.value().contains("delete")
                ? Kept.FOR_EVER
                : new Kept(bound(config, TopicState.RETENTION_MS), bound(config, TopicState.RETENTION_BYTES));
    }

    private static OptionalLong bound(Config config, String name) {
        var entry = config.get(name);
        var number = entry == null || entry.value() == null ? OptionalLong.empty() : TopicState.parse(entry.value());
        return number.isPresent() && number.getAsLong() < 0 ? OptionalLong.empty() : number;
    }

    private Future<Map<TopicPartition, Long>> bytes(Set<TopicPartition> wanted) {
        return ask(admin.describeCluster().nodes())
                .compose(nodes -> ask(admin.describeLogDirs(
                                nodes.stream().map(node -> node.id()).toList())
                        .allDescriptions()))
                .map(brokers -> {
                    Map<TopicPartition, Long> bytes = new HashMap<>();
                    brokers.values()
                            .forEach(dirs -> dirs.values()
                                    .forEach(dir -> dir.replicaInfos().forEach((partition, replica) -> {
                                        if (wanted.contains(partition)) {
                                            bytes.merge(partition, replica.size(), Math::max);
                                        }
                                    })));
                    return bytes;
                })
                .otherwise(Map.of());
    }
}
