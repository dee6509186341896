package dev.redrive.cluster;

import static dev.redrive.cluster.TopicCluster.ask;

import dev.redrive.cluster.TopicLook.Kept;
import dev.redrive.cluster.TopicLook.Log;
import dev.redrive.cluster.TopicWatchStore.Position;
import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Asks one cluster about its dead-letter topics: six questions a look, whatever their number. */
final class TopicLooker {

    private final AdminOnDemand admin;
    private final StillRead stillRead;

    TopicLooker(AdminOnDemand admin, StillRead stillRead) {
        this.admin = admin;
        this.stillRead = stillRead;
    }

    /** @param positions of ingest; of topics that it reads no more, or that are gone by now, nothing is asked */
    Future<TopicLook> look(List<Position> positions) {
        return admin.ask(client -> look(client, positions));
    }

    private Future<TopicLook> look(Admin client, List<Position> positions) {
        return ask(client.listTopics().names()).compose(names -> {
            var gone = new HashSet<String>();
            var read = new HashMap<TopicPartition, Long>();
            for (var position : positions) {
                var topic = position.partition().topic();
                if (!names.contains(topic)) {
                    gone.add(topic);
                } else if (stillRead.isRead(topic, position.decision(), names)) {
                    read.put(position.partition(), position.next());
                }
            }
            return read.isEmpty()
                    ? Future.succeededFuture(new TopicLook(Map.of(), Set.of(), gone, Map.of(), Map.of()))
                    : look(client, read, gone);
        });
    }

    private static Future<TopicLook> look(Admin client, Map<TopicPartition, Long> read, Set<String> gone) {
        var partitions = List.copyOf(read.keySet());
        var starts = offsets(client, partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        var stable = offsets(client, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        // After the stable ones, so that a record that is written meanwhile does not look like one held back.
        var ends = stable.compose(
                known -> offsets(client, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
        var kept = kept(client, partitions);
        var bytes = bytes(client, read.keySet());
        return Future.all(starts, stable, ends, kept, bytes).map(all -> {
            var logs = new HashMap<TopicPartition, Log>();
            read.forEach((partition, next) -> {
                var start = starts.result().get(partition);
                var last = stable.result().get(partition);
                var end = ends.result().get(partition);
                if (start != null
                        && last != null
                        && end != null
                        && kept.result().containsKey(partition.topic())) {
                    logs.put(partition, new Log(start, last, end, next));
                }
            });
            var silent = new HashSet<>(partitions);
            silent.removeAll(logs.keySet());
            return new TopicLook(logs, silent, gone, kept.result(), bytes.result());
        });
    }

    private static Future<Map<TopicPartition, Long>> offsets(
            Admin client, List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel level) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, spec));
        var answers = client.listOffsets(asked, new ListOffsetsOptions(level));
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

    /** What we may not read is taken for kept for ever; what did not answer is missing. */
    private static Future<Map<String, Kept>> kept(Admin client, List<TopicPartition> partitions) {
        var topics = new ArrayList<ConfigResource>();
        partitions.stream()
                .map(TopicPartition::topic)
                .distinct()
                .forEach(topic -> topics.add(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        var kept = new HashMap<String, Kept>();
        var answers = client.describeConfigs(topics).values();
        var all = new ArrayList<Future<?>>();
        answers.forEach((topic, answer) -> all.add(ask(answer)
                .map(TopicLooker::kept)
                .recover(failure -> failure instanceof AuthorizationException
                        ? Future.succeededFuture(Kept.FOR_EVER)
                        : Future.failedFuture(failure))
                .<Void>map(found -> {
                    kept.put(topic.name(), found);
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

    /** Of the brokers that answer: one that is away hides no copy that another one has. */
    private static Future<Map<TopicPartition, Long>> bytes(Admin client, Set<TopicPartition> wanted) {
        return ask(client.describeCluster().nodes())
                .compose(nodes -> {
                    var bytes = new HashMap<TopicPartition, Long>();
                    var answers = client.describeLogDirs(
                                    nodes.stream().map(Node::id).toList())
                            .descriptions();
                    var all = answers.values().stream()
                            .map(answer -> ask(answer)
                                    .<Void>map(dirs -> {
                                        dirs.values().forEach(dir -> add(bytes, dir, wanted));
                                        return null;
                                    })
                                    .otherwise((Void) null))
                            .toList();
                    return Future.join(all).<Map<TopicPartition, Long>>map(done -> bytes);
                })
                .otherwise(Map.of());
    }

    private static void add(Map<TopicPartition, Long> bytes, LogDirDescription dir, Set<TopicPartition> wanted) {
        dir.replicaInfos().forEach((partition, replica) -> {
            if (wanted.contains(partition)) {
                bytes.merge(partition, replica.size(), Math::max);
            }
        });
    }
}
