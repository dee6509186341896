package dev.redrive.cluster;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** From what somebody asks for to a plan, its findings, and the topic. Used on the event loop of a call. */
final class TopicCreation {

    private final TopicClusters clusters;
    private final TopicNames names;
    private final AuditStore audit;

    TopicCreation(TopicClusters clusters, TopicNames names, AuditStore audit) {
        this.clusters = clusters;
        this.names = names;
        this.audit = audit;
    }

    /**
     * @param cluster null while there is one
     * @param origin null where the name is to tell, or there is none
     * @param configs by Kafka's names; what is missing is as we recommend
     */
    record Ask(
            @Nullable String cluster,
            String name,
            @Nullable String origin,
            @Nullable Integer partitions,
            @Nullable Integer replicationFactor,
            Map<String, String> configs) {

        static Ask from(JsonObject body) {
            var configs = new HashMap<String, String>();
            body.getJsonObject("configs", new JsonObject())
                    .forEach(entry -> configs.put(entry.getKey(), (String) entry.getValue()));
            return new Ask(
                    body.getString("cluster"),
                    body.getString("name"),
                    body.getString("origin"),
                    body.getInteger("partitions"),
                    body.getInteger("replicationFactor"),
                    configs);
        }
    }

    /** Nothing is made. Fails with a problem where Kafka does not answer. */
    Future<TopicProposal> propose(Ask ask) {
        var cluster = clusters.named(ask.cluster());
        var topics = cluster.names();
        var brokers = cluster.brokers();
        return Future.all(topics, brokers)
                .compose(known -> propose(cluster, ask, topics.result(), brokers.result()))
                .recover(TopicClusters::orUnavailable);
    }

    private Future<TopicProposal> propose(TopicCluster cluster, Ask ask, Set<String> topics, int brokers) {
        var named = ask.origin() == null ? names.originOf(ask.name(), topics) : ask.origin();
        Future<Optional<TopicState>> origin =
                named == null ? Future.succeededFuture(Optional.empty()) : cluster.find(named);
        return origin.compose(found -> {
            boolean byName = names.isDeadLetterTopic(ask.name(), topics);
            boolean letters = ask.origin() != null || byName;
            var state = found.orElse(null);
            var around =
                    new TopicSurroundings(brokers, topics, state, letters, byName || isIncluded(cluster, ask.name()));
            var recommended = TopicPlan.recommended(ask.name(), brokers, state, letters);
            var plan = recommended.with(ask.partitions(), ask.replicationFactor(), ask.configs());
            var proposal = new TopicProposal(
                    cluster.settings().name(),
                    plan,
                    recommended,
                    TopicPolicy.judge(plan, around),
                    new TopicCommand(cluster.settings()).create(plan));
            if (ask.origin() != null && state == null) {
                proposal = proposal.with(TopicFinding.refusal(
                        "origin-missing",
                        "/origin",
                        "There is no topic " + ask.origin() + ", or Redrive may not see it."));
            }
            return proposal.isRefused() ? Future.succeededFuture(proposal) : asked(cluster, proposal);
        });
    }

    private static boolean isIncluded(TopicCluster cluster, String name) {
        return cluster.settings().include().stream()
                .anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** The brokers know rules that we do not: their own policies, rights, settings of other versions. */
    private static Future<TopicProposal> asked(TopicCluster cluster, TopicProposal proposal) {
        return cluster.create(proposal.plan(), true)
                .map(valid -> proposal)
                .recover(failure -> failure instanceof ApiException && !(failure instanceof RetriableException)
                        ? Future.succeededFuture(
                                proposal.with(refused(proposal.plan().name(), failure)))
                        : Future.failedFuture(failure));
    }

    static TopicFinding refused(String topic, Throwable failure) {
        // Made a moment ago: the controller knows it, and the broker that listed the topics does not yet.
        if (failure instanceof TopicExistsException) {
            return TopicFinding.exists(topic);
        }
        var pointer = failure instanceof InvalidConfigurationException
                ? "/configs"
                : failure instanceof InvalidTopicException ? "/name" : "";
        return TopicFinding.refusal("broker-refuses", pointer, "The brokers refuse it: " + failure.getMessage());
    }

    /**
     * The audit row comes first, so that no topic is made while it could not be written. What no transaction can hold: if
     * this process dies between the brokers' answer and the commit, the topic is there without its row, and the same
     * request is answered with 409.
     */
    Future<Reply> create(Call call, SqlConnection connection) {
        var body = call.body();
        var accepted = words(body, "accept");
        return propose(Ask.from(body)).compose(proposal -> {
            proposal.refuseUnless(accepted);
            return audit.record(connection, event(call, proposal, accepted))
                    .compose(recorded -> clusters.named(proposal.cluster()).create(proposal.plan(), false))
                    .recover(failure -> failure instanceof TopicExistsException
                            ? Future.failedFuture(
                                    TopicProposal.exists(proposal.plan().name()))
                            : TopicClusters.orUnavailable(failure))
                    .map(made -> Reply.created(proposal.toJson(true)));
        });
    }

    private static Set<String> words(JsonObject body, String field) {
        return body.getJsonArray(field, new JsonArray()).stream()
                .map(String.class::cast)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static AuditEvent event(Call call, TopicProposal proposal, Set<String> accepted) {
        var plan = proposal.plan();
        var configs = new JsonObject();
        plan.configs().forEach(configs::put);
        return new AuditEvent(
                call.actor(),
                "topic-created",
                null,
                "/api/v1/topics/" + plan.name(),
                call.body().getString("reason"),
                new JsonObject()
                        .put("cluster", proposal.cluster())
                        .put("origin", plan.origin())
                        .put("partitions", plan.partitions())
                        .put("replicationFactor", plan.replicationFactor())
                        .put("configs", configs)
                        .put(
                                "accepted",
                                new JsonArray(accepted.stream().sorted().toList())),
                call.requestId());
    }
}
