package dev.redrive.cluster;

import dev.redrive.cluster.ConsumerGroupJson.Reader;
import dev.redrive.cluster.ConsumerGroupStore.Scope;
import dev.redrive.http.Call;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Who reads our topics, how far behind, and which record is in the way of one that does not get on. */
final class ConsumerGroupRoutes implements Routes {

    private static final long KAFKA_SECONDS = 5;
    private static final String PAYLOAD = "payload:read";

    private final ConsumerGroupStore store;
    private final Map<String, WatchedCluster> clusters;

    /** @param clusters by the name that the settings give them */
    ConsumerGroupRoutes(Pool reading, Map<String, WatchedCluster> clusters) {
        this.store = new ConsumerGroupStore(reading);
        this.clusters = Map.copyOf(clusters);
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listConsumerGroups")
                .addHandler(Call.answering(call -> list(new Scope(null, null, call.query("cluster")))));
        routes.getRoute("listConsumerGroupsOfTopic").addHandler(Call.answering(this::ofTopic));
        routes.getRoute("getConsumerGroup").addHandler(Call.answering(this::group));
    }

    private Future<Reply> ofTopic(Call call) {
        var topic = call.pathParameter("name");
        return store.knows(topic).compose(known -> {
            if (!known) {
                throw RefusedException.notFound("No letter lies in or came from a topic " + topic);
            }
            return list(new Scope(null, topic, call.query("cluster")));
        });
    }

    private Future<Reply> list(Scope scope) {
        var lags = store.lags(scope);
        var history = store.history(scope);
        var watches = store.watches(scope.cluster());
        var shares = store.shares(scope);
        return Future.all(lags, history, watches, shares).map(all -> {
            var items = new JsonArray();
            ConsumerGroupJson.readers(lags.result())
                    .forEach(reader -> items.add(ConsumerGroupJson.item(reader, history.result())));
            var sharing = new JsonArray();
            shares.result().forEach(row -> sharing.add(ConsumerGroupJson.share(row)));
            var answer = new JsonObject().put("items", items).put("shareGroups", sharing);
            return Reply.ok(ConsumerGroupJson.dated(answer, watches.result(), List.of()));
        });
    }

    private Future<Reply> group(Call call) {
        var group = call.pathParameter("group");
        var scope = new Scope(group, null, call.query("cluster"));
        var lags = store.lags(scope);
        var history = store.history(scope);
        return Future.all(lags, history).compose(both -> {
            var readers = ConsumerGroupJson.readers(lags.result());
            if (readers.isEmpty()) {
                throw RefusedException.notFound("No consumer group " + group + " reads a topic that letters came from");
            }
            var cluster = readers.get(0).cluster();
            if (readers.stream().anyMatch(reader -> !reader.cluster().equals(cluster))) {
                throw RefusedException.invalidParameter("cluster", "Several clusters have this group; name one");
            }
            boolean payload = call.caller().permissions().contains(PAYLOAD);
            var watches = store.watches(cluster);
            return Future.all(watches, asked(cluster, group, readers)).map(answers -> {
                Asked asked = answers.resultAt(1);
                var topics = new JsonArray();
                readers.forEach(reader -> topics.add(ConsumerGroupJson.item(reader, history.result())));
                var body = new JsonObject()
                        .put("group", group)
                        .put("cluster", cluster)
                        .put("members", asked.members())
                        .put("topics", topics)
                        .put("partitions", partitions(readers, asked, payload));
                return Reply.ok(ConsumerGroupJson.dated(body, watches.result(), asked.unknown()));
            });
        });
    }

    private static JsonArray partitions(List<Reader> readers, Asked asked, boolean payload) {
        var partitions = new JsonArray();
        readers.forEach(reader -> reader.lag()
                .partitions()
                .forEach(lag -> partitions.add(
                        ConsumerGroupJson.partition(lag, asked.blocking().get(place(lag)), payload))));
        return partitions;
    }

    private static TopicPartition place(ConsumerLag lag) {
        return new TopicPartition(lag.place().topic(), lag.place().partition());
    }

    /** What Kafka says now. @param unknown what it did not say, in sentences */
    private record Asked(
            @Nullable Integer members,
            Map<TopicPartition, ConsumerRecord<byte[], byte[]>> blocking,
            List<String> unknown) {}

    private Future<Asked> asked(String cluster, String group, List<Reader> readers) {
        var kafka = clusters.get(cluster);
        if (kafka == null) {
            return Future.succeededFuture(
                    new Asked(null, Map.of(), List.of("Cluster " + cluster + " is not in the settings any more")));
        }
        var stuck = new HashMap<TopicPartition, Long>();
        readers.stream()
                .flatMap(reader -> reader.lag().partitions().stream())
                .filter(lag -> lag.state().isStuck())
                .limit(NextRecords.MOST)
                .forEach(lag -> stuck.put(place(lag), lag.committed()));
        var members = kafka.admin()
                .ask(client -> GroupNow.of(client, group).map(GroupNow::members))
                .timeout(KAFKA_SECONDS, TimeUnit.SECONDS);
        var next = stuck.isEmpty()
                ? Future.succeededFuture(NextRecords.Found.NOTHING_KNOWN)
                : kafka.next().from(stuck).timeout(KAFKA_SECONDS, TimeUnit.SECONDS);
        return Future.join(members, next)
                .otherwiseEmpty()
                .map(done -> new Asked(
                        members.succeeded() ? members.result() : null,
                        next.succeeded() ? next.result().records() : Map.of(),
                        unknown(members, next, stuck)));
    }

    private static List<String> unknown(
            Future<Integer> members, Future<NextRecords.Found> next, Map<TopicPartition, Long> stuck) {
        var unknown = new ArrayList<String>();
        if (members.failed()) {
            unknown.add("Kafka does not say how many members the group has");
        }
        if (next.failed()) {
            unknown.add("Kafka does not give the records that are in the way");
            return unknown;
        }
        stuck.keySet().stream()
                .filter(place -> !next.result().records().containsKey(place)
                        && !next.result().nothing().contains(place))
                .sorted(Comparator.comparing(TopicPartition::toString))
                .forEach(place -> unknown.add("No committed record of " + place.topic() + ", partition "
                        + place.partition() + ", could be read: a transaction may be open there"));
        return unknown;
    }
}
