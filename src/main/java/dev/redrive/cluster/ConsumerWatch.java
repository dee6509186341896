package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.TimeLimit;
import dev.redrive.cluster.ClusterVerticle.Pace;
import dev.redrive.cluster.ConsumerLag.Place;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What is remembered of the consumer groups of one cluster from look to look: who reads what, and the windows by which a
 * lag is judged. Used on one context, one look at a time. After a look that failed it is left to it: one that was given up
 * may still be at a step, and what that finds out late must not get into a younger window.
 */
final class ConsumerWatch {

    private static final int LOOKS_PER_PRUNING = 100;

    private final WatchedCluster cluster;
    private final short ref;
    private final ConsumerLagStore store;
    private final TopicNames names;
    private final Clock clock;
    private final int looksPerSearch;
    private final ConsumerOffsets offsets;
    private final LagBoard board;
    private Set<String> existing = Set.of();
    private Set<String> origins = Set.of();
    private boolean recalled;
    private int looks;

    /** @param ref of the cluster's row */
    ConsumerWatch(WatchedCluster cluster, short ref, ConsumerLagStore store, TopicNames names, Clock clock, Pace pace) {
        this.cluster = cluster;
        this.ref = ref;
        this.store = store;
        this.names = names;
        this.clock = clock;
        this.looksPerSearch = pace.looksPerSearch();
        this.offsets = new ConsumerOffsets(cluster.admin(), looksPerSearch, clock);
        this.board = new LagBoard(pace.interval());
    }

    /** Measures every group and writes that down. @return as it is written */
    Future<List<GroupLag>> look(TimeLimit limit) {
        return recall().compose(ready -> store.topics(ref))
                .compose(limit::pass)
                .compose(this::withOrigins)
                .compose(limit::pass)
                .compose(offsets::look)
                .compose(limit::pass)
                .compose(measured -> inspect(measured).compose(limit::pass).compose(inspected -> write(measured)));
    }

    /** The windows begin from what is stored, whoever measured it. */
    private Future<Void> recall() {
        return recalled
                ? Future.succeededFuture()
                : store.stored(ref).map(stored -> {
                    board.recall(stored);
                    offsets.recall(stored);
                    recalled = true;
                    return null;
                });
    }

    /** A consumer that tries one record for ever writes no letter that would name its topic; the dead-letter topic does. */
    private Future<Set<String>> withOrigins(Set<String> topics) {
        Future<Void> listed = looks % looksPerSearch == 0
                ? cluster.admin()
                        .ask(client -> future(client.listTopics().names()))
                        .<Void>map(names -> {
                            existing = names;
                            origins = originsOf(topics, names);
                            return null;
                        })
                : Future.succeededFuture();
        return listed.map(done -> {
            var all = new HashSet<>(topics);
            all.addAll(origins);
            // Of one that is gone nobody is asked: Kafka would look for it until the time is over.
            all.retainAll(existing);
            return all;
        });
    }

    private Set<String> originsOf(Set<String> topics, Set<String> all) {
        var found = new HashSet<String>();
        topics.forEach(topic -> {
            var origin = names.originOf(topic, all);
            if (origin != null) {
                found.add(origin);
            }
        });
        return found;
    }

    /** Where nobody could look, the lag is taken for what it seems to be. */
    private Future<Void> inspect(Measured measured) {
        var suspects = new HashMap<TopicPartition, Long>();
        var places = new HashMap<Place, TopicPartition>();
        for (var place : board.suspects(measured, clock.instant())) {
            var partition = new TopicPartition(place.topic(), place.partition());
            long from = at(measured, place).committed();
            // Two groups may rest in one partition; one of them is looked at now and the other one in the next look.
            if (suspects.size() < NextRecords.MOST && suspects.getOrDefault(partition, from) == from) {
                suspects.put(partition, from);
                places.put(place, partition);
            }
        }
        if (suspects.isEmpty()) {
            return Future.succeededFuture();
        }
        return cluster.next()
                .from(suspects)
                .<Void>map(found -> {
                    places.forEach((place, partition) -> board.found(
                            place,
                            at(measured, place),
                            found.nothing().contains(partition)
                                    ? LagBoard.Next.NOTHING
                                    : found.held().contains(partition)
                                            ? LagBoard.Next.HELD_BACK
                                            : LagBoard.Next.RECORD));
                    return null;
                })
                .otherwiseEmpty();
    }

    private static Measured.Offsets at(Measured measured, Place place) {
        return measured.offsets().getOrDefault(place, new Measured.Offsets(0, 0));
    }

    private Future<List<GroupLag>> write(Measured measured) {
        Instant now = clock.instant();
        var lags = board.fold(measured, now);
        var searched = offsets.takeSearched();
        return store.pool()
                .withTransaction(connection -> store.save(connection, ref, lags, now)
                        .compose(saved -> searched.isEmpty()
                                ? Future.<Void>succeededFuture()
                                : store.facts(connection, ref, searched.get().facts(), now)
                                        .compose(done -> ShareGroupStore.save(
                                                connection, ref, searched.get().shares(), now)))
                        .compose(saved -> store.watched(connection, ref, now, measured.leftOut())))
                .compose(written ->
                        looks++ % LOOKS_PER_PRUNING == 0 ? store.prune(now).mapEmpty() : Future.<Void>succeededFuture())
                .map(pruned -> GroupLag.of(lags));
    }
}
