package dev.redrive.cluster;

import dev.redrive.cluster.TopicEpisodeStore.Episode;
import dev.redrive.cluster.TopicTrouble.Subject;
import dev.redrive.http.Times;
import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions whose last stable offset rests while records lie behind it: a transaction that somebody else began and does
 * not end hides them from every reader of committed records, ours too. Used on one context, one look at a time.
 */
final class HeldBack {

    /** More than this at once is one cause, and the first ones tell it. */
    private static final int MOST = 20;

    private final AdminOnDemand admin;
    private final RestingOffsets resting;

    /** @param patience longer than an ordinary transaction takes, whose default timeout is 60 s */
    HeldBack(AdminOnDemand admin, Duration patience) {
        this.admin = admin;
        this.resting = new RestingOffsets(patience);
    }

    /** @param open episodes, which know since when their partition rests, whoever began them */
    Future<List<TopicTrouble>> troubles(TopicLook look, Map<Subject, Episode> open, Instant now) {
        resting.recall(rests(open));
        var held = resting.look(look, now);
        if (held.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return admin.ask(client -> producers(client, held.subList(0, Math.min(held.size(), MOST)))
                .compose(producers -> names(client, producers)
                        .map(names -> held.stream()
                                .map(partition -> trouble(partition, look, producers, names))
                                .toList())));
    }

    private static Map<TopicPartition, RestingOffsets.Rest> rests(Map<Subject, Episode> open) {
        var rests = new HashMap<TopicPartition, RestingOffsets.Rest>();
        open.forEach((subject, episode) -> rests.put(
                subject.place(),
                new RestingOffsets.Rest(
                        Long.parseLong(episode.details().getString("lastStableOffset")),
                        episode.details().getInstant("since"))));
        return rests;
    }

    /** Those with a transaction that began in the partition and is open, the oldest first. */
    private static Future<Map<TopicPartition, List<ProducerState>>> producers(Admin client, List<TopicPartition> held) {
        var answers = client.describeProducers(held);
        var found = new HashMap<TopicPartition, List<ProducerState>>();
        var all = held.stream()
                .map(partition -> TopicCluster.ask(answers.partitionResult(partition))
                        .<Void>map(state -> {
                            found.put(
                                    partition,
                                    state.activeProducers().stream()
                                            .filter(producer -> producer.currentTransactionStartOffset()
                                                    .isPresent())
                                            .sorted(Comparator.comparingLong(
                                                    producer -> producer.currentTransactionStartOffset()
                                                            .getAsLong()))
                                            .toList());
                            return null;
                        })
                        .otherwise((Void) null))
                .toList();
        return Future.join(all).map(done -> found);
    }

    /** Of the transactions that the coordinators know; one that hangs for good is known to none of them. */
    private static Future<Map<Long, String>> names(Admin client, Map<TopicPartition, List<ProducerState>> producers) {
        Set<Long> ids = new HashSet<>();
        producers.values().forEach(states -> states.forEach(state -> ids.add(state.producerId())));
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return TopicCluster.ask(client.listTransactions(new ListTransactionsOptions().filterProducerIds(ids))
                        .all())
                .map(listings -> {
                    Map<Long, String> names = new HashMap<>();
                    listings.forEach(listing -> names.put(listing.producerId(), listing.transactionalId()));
                    return names;
                })
                .otherwise(Map.of());
    }

    private TopicTrouble trouble(
            TopicPartition partition,
            TopicLook look,
            Map<TopicPartition, List<ProducerState>> producers,
            Map<Long, String> names) {
        var log = look.partitions().getOrDefault(partition, new TopicLook.Log(0, 0, 0, 0));
        var since = resting.since(partition);
        var open = new JsonArray();
        producers.getOrDefault(partition, List.of()).stream()
                .limit(5)
                .forEach(producer -> open.add(new JsonObject()
                        .put("producerId", Long.toString(producer.producerId()))
                        .put("producerEpoch", producer.producerEpoch())
                        .put("transactionalId", names.get(producer.producerId()))
                        .put(
                                "startOffset",
                                Long.toString(
                                        producer.currentTransactionStartOffset().orElse(log.stable())))
                        .put("lastWroteAt", Times.rfc3339((Long) producer.lastTimestamp()))));
        return new TopicTrouble(
                TopicNotice.Kind.TRANSACTION,
                partition.topic(),
                partition.partition(),
                new JsonObject()
                        .put("lastStableOffset", Long.toString(log.stable()))
                        .put("logEnd", Long.toString(log.end()))
                        .put("heldBack", log.end() - log.stable())
                        .put("since", since == null ? null : Times.rfc3339(since))
                        .put("transactions", open));
    }
}
