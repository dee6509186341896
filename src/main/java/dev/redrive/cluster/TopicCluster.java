package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.Settings;
import dev.redrive.kafka.AdminOnDemand;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * What one cluster says about its topics now, and the making of a topic. Answers come on the caller's context and fail
 * with Kafka's own exception, or with {@link java.util.concurrent.TimeoutException} after 10 s. Safe from any thread.
 */
final class TopicCluster {

    private static final int PATIENCE_SECONDS = 10;

    private final KafkaClients clients;
    private final AdminOnDemand admin;

    TopicCluster(Vertx vertx, KafkaClients clients) {
        this.clients = clients;
        this.admin = new AdminOnDemand(vertx, clients);
    }

    Settings.Cluster settings() {
        return clients.cluster();
    }

    KafkaClients clients() {
        return clients;
    }

    AdminOnDemand admin() {
        return admin;
    }

    private <T> Future<T> asked(Function<Admin, KafkaFuture<T>> question) {
        return admin.ask(client -> ask(question.apply(client)));
    }

    static <T> Future<T> ask(KafkaFuture<T> answer) {
        return ask(future(answer));
    }

    static <T> Future<T> ask(Future<T> answer) {
        return answer.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .recover(failure -> Future.failedFuture(unwrapped(failure)));
    }

    static Throwable unwrapped(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    Future<Integer> brokers() {
        return asked(client -> client.describeCluster().nodes()).map(Collection::size);
    }

    Future<String> kafkaId() {
        return asked(client -> client.describeCluster().clusterId());
    }

    /** All names but Kafka's internal ones. */
    Future<Set<String>> names() {
        return asked(client -> client.listTopics().names());
    }

    /** @return empty where there is no such topic, or none that we may see */
    Future<Optional<TopicState>> find(String name) {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        var asked = asked(
                        client -> client.describeTopics(List.of(name), options).allTopicNames())
                .map(found -> Optional.ofNullable(found.get(name)))
                .recover(failure ->
                        isAbsence(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
        return asked.compose(topic -> topic.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : configs(name).map(configs -> Optional.of(state(topic.get(), configs.orElse(null)))));
    }

    /** Whether Kafka refuses to say whether there is such a topic. */
    Future<Boolean> hides(String name) {
        return asked(client -> client.describeTopics(List.of(name)).allTopicNames())
                .map(false)
                .otherwise(failure -> failure instanceof AuthorizationException);
    }

    private static boolean isAbsence(Throwable failure) {
        return failure instanceof UnknownTopicOrPartitionException
                || failure instanceof InvalidTopicException
                || failure instanceof AuthorizationException;
    }

    private Future<Optional<Map<String, String>>> configs(String name) {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        return asked(client -> client.describeConfigs(List.of(topic)).all())
                .map(found -> Optional.ofNullable(found.get(topic)).map(TopicCluster::values))
                .recover(failure ->
                        isAbsence(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    static Map<String, String> values(Config config) {
        var values = new HashMap<String, String>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }

    static TopicState state(TopicDescription topic, @Nullable Map<String, String> configs) {
        var replicas = topic.partitions().stream()
                .map(partition -> partition.replicas().stream().map(Node::id).toList())
                .toList();
        return new TopicState(topic.name(), uuid(topic.topicId()), replicas, topic.authorizedOperations(), configs);
    }

    private static UUID uuid(org.apache.kafka.common.Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** @param validateOnly the brokers check it and make nothing */
    Future<UUID> create(TopicPlan plan, boolean validateOnly) {
        var topic = new NewTopic(plan.name(), plan.partitions(), (short) plan.replicationFactor());
        topic.configs(plan.configs());
        var options = new CreateTopicsOptions().validateOnly(validateOnly);
        return asked(client -> {
                    var result = client.createTopics(List.of(topic), options);
                    return validateOnly
                            ? result.all().thenApply(done -> org.apache.kafka.common.Uuid.ZERO_UUID)
                            : result.topicId(plan.name());
                })
                .map(TopicCluster::uuid);
    }

    Future<Map<TopicPartition, ListOffsetsResultInfo>> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, spec));
        return asked(client -> client.listOffsets(asked).all());
    }

    /** @return the log directories of each broker, by its id */
    Future<Map<Integer, Map<String, LogDirDescription>>> logDirs(Collection<Integer> brokers) {
        return asked(client -> client.describeLogDirs(brokers).allDescriptions());
    }

    Future<Void> close() {
        return admin.close();
    }
}
