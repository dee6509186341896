package dev.redrive.cluster;

import static dev.redrive.cluster.TopicCluster.ask;

import dev.redrive.TimeLimit;
import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Keeps how the dead-letter topics of one cluster and their origins are made, for people to see: three questions a look,
 * whatever their number.
 */
record TopicShapes(AdminOnDemand admin, ConsumerLagStore watched, TopicShapeStore store, Clock clock) {

    /** Of a topic that does not answer, what was known of it stays. @param cluster of the cluster's row */
    Future<Void> look(short cluster, TimeLimit limit) {
        var names = admin.ask(client -> ask(client.listTopics().names()));
        var topics = watched.topics(cluster);
        return Future.all(names, topics).compose(limit::pass).compose(both -> {
            // For a topic that does not exist Kafka would look until the time is over.
            Set<String> existing = new HashSet<>(topics.result());
            existing.retainAll(names.result());
            return described(existing)
                    .compose(limit::pass)
                    .compose(found -> store.save(cluster, existing, found, clock.instant()));
        });
    }

    /** @return those that answered, without settings where we may not read them */
    private Future<List<TopicState>> described(Collection<String> topics) {
        if (topics.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        var resources = topics.stream().map(TopicShapes::resource).toList();
        return admin.ask(client -> {
            var described = answered(client.describeTopics(topics).topicNameValues());
            var configs = answered(client.describeConfigs(resources).values());
            return Future.all(described, configs).map(both -> {
                var states = new ArrayList<TopicState>();
                described.result().forEach((name, topic) -> {
                    var config = configs.result().get(resource(name));
                    states.add(TopicCluster.state(topic, config == null ? null : TopicCluster.values(config)));
                });
                return states;
            });
        });
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** What is not answered is missing. */
    private static <K, T> Future<Map<K, T>> answered(Map<K, KafkaFuture<T>> answers) {
        var found = new HashMap<K, T>();
        var all = new ArrayList<Future<?>>();
        answers.forEach((asked, answer) -> all.add(ask(answer)
                .<Void>map(answered -> {
                    found.put(asked, answered);
                    return null;
                })
                .otherwise((Void) null)));
        return Future.join(all).map(done -> found);
    }
}
