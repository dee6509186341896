package dev.redrive.replay;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What the target cluster says about topics that replays go to. Nothing is cached: a topic may be re-created. */
final class TargetTopics {

    private final ClusterAdmin admin;

    TargetTopics(ClusterAdmin admin) {
        this.admin = admin;
    }

    /**
     * @param mayWrite whether our principal has the right to write; true where the cluster has no authorizer
     * @param maxMessageBytes null where we may not read the topic's settings
     * @param compacted null where we may not read the topic's settings
     */
    record Topic(
            String name,
            UUID id,
            int partitions,
            boolean mayWrite,
            @Nullable Integer maxMessageBytes,
            @Nullable Boolean compacted) {}

    /** @return the topics that exist and that we may describe; fails when Kafka does not answer */
    Future<Map<String, Topic>> describe(Set<String> names) {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        var configs = configs(names);
        return admin.answers(client -> client.describeTopics(names, options).topicNameValues(), TargetTopics::isAbsence)
                .compose(topics -> configs.map(known -> merged(topics, known)));
    }

    /** Settings that we may not read are not an error: the broker still refuses what it must. */
    private Future<Map<ConfigResource, Config>> configs(Set<String> names) {
        var resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        return admin.answers(client -> client.describeConfigs(resources).values(), TargetTopics::isAbsence);
    }

    private static boolean isAbsence(Throwable failure) {
        return failure instanceof UnknownTopicOrPartitionException
                || failure instanceof InvalidTopicException
                || failure instanceof AuthorizationException;
    }

    private static Map<String, Topic> merged(
            Map<String, TopicDescription> topics, Map<ConfigResource, Config> configs) {
        var merged = new HashMap<String, Topic>();
        topics.forEach((name, topic) -> {
            var config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, name));
            var operations = topic.authorizedOperations();
            merged.put(
                    name,
                    new Topic(
                            name,
                            uuid(topic.topicId()),
                            topic.partitions().size(),
                            operations == null
                                    || operations.isEmpty()
                                    || operations.contains(AclOperation.WRITE)
                                    || operations.contains(AclOperation.ALL),
                            config == null ? null : Integer.valueOf(value(config, "max.message.bytes")),
                            config == null
                                    ? null
                                    : Boolean.valueOf(
                                            value(config, "cleanup.policy").contains("compact"))));
        });
        return merged;
    }

    private static String value(Config config, String name) {
        return requireNonNull(config.get(name), name).value();
    }

    static UUID uuid(org.apache.kafka.common.Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** @return offset after the last record, also of transactions that are open or were aborted */
    Future<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    /** @return offset of the first record that is still there */
    Future<Map<TopicPartition, Long>> starts(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    private Future<Map<TopicPartition, Long>> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        var specs = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> specs.put(partition, spec));
        return admin.answer(client -> client.listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .map(found -> {
                    var offsets = new HashMap<TopicPartition, Long>();
                    found.forEach((partition, info) -> offsets.put(partition, info.offset()));
                    return offsets;
                });
    }
}
