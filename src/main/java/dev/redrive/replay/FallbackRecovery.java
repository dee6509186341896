package dev.redrive.replay;

import dev.redrive.replay.CopyStore.Suspect;
import dev.redrive.replay.LaneStore.Taken;
import dev.redrive.replay.RecoveryStore.Proof;
import dev.redrive.replay.TargetTopics.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The first step of an owner without transactions. Nothing fences an earlier owner, so it waits until a request of that
 * owner cannot arrive any more, and then looks for each replay in its target, twice.
 */
final class FallbackRecovery {

    private static final int MOST_BYTES = 100 * 1024 * 1024;
    private static final String UNKNOWN =
            "Without transactions it cannot be proven whether this record was sent; it was not found in the target, "
                    + "but may have been removed from there";

    private final Vertx vertx;
    private final TargetCluster cluster;
    private final RecoveryStore store;
    private final CopyStore copies;
    private final Patience patience;

    FallbackRecovery(Vertx vertx, TargetCluster cluster, RecoveryStore store, CopyStore copies, Patience patience) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.store = store;
        this.copies = copies;
        this.patience = patience;
    }

    /**
     * @param first before the first search: above the time for which an earlier owner's request may be on its way
     * @param second between the searches
     */
    record Patience(Duration first, Duration second) {
        /** The producer's delivery timeout and request timeout, and 30 s for what a network may hold back. */
        static final Patience STANDARD = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(10));
    }

    /** What is known of the replays in doubt: found, certainly absent, or neither. */
    private record Verdict(List<Proof> proofs, List<UUID> absent) {}

    Future<Sender> open(LaneId lane, Taken taken) {
        return copies.inDoubt(lane)
                .compose(suspects -> suspects.isEmpty()
                        ? Future.<Void>succeededFuture()
                        : judge(suspects)
                                .compose(verdict -> store.reconcile(
                                        lane, taken.fence(), verdict.proofs(), verdict.absent(), UNKNOWN)))
                .compose(reconciled ->
                        vertx.executeBlocking(() -> cluster.clients().plainProducer(vertx, MOST_BYTES)))
                .map(producer -> new FallbackSender(vertx, producer));
    }

    private Future<Verdict> judge(List<Suspect> suspects) {
        return vertx.timer(patience.first().toMillis())
                .compose(waited -> cluster.search().search(suspects))
                .compose(first -> vertx.timer(patience.second().toMillis())
                        .compose(waited -> cluster.search().search(suspects))
                        .compose(
                                second -> keeping(suspects).map(keeping -> verdict(suspects, first, second, keeping))));
    }

    /** Partitions that still hold all that was written since their search begins: log start not moved, not compacted. */
    private Future<Map<TopicPartition, Long>> keeping(List<Suspect> suspects) {
        var places =
                suspects.stream().map(Suspect::place).filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet());
        var names = places.stream().map(TopicPartition::topic).collect(Collectors.toUnmodifiableSet());
        return cluster.topics().describe(names).compose(topics -> {
            var kept = places.stream()
                    .filter(place -> isKept(topics.get(place.topic())))
                    .collect(Collectors.toUnmodifiableSet());
            return kept.isEmpty()
                    ? Future.succeededFuture(Map.of())
                    : cluster.topics().starts(kept);
        });
    }

    private static boolean isKept(@Nullable Topic topic) {
        return topic != null && Boolean.FALSE.equals(topic.compacted());
    }

    private static Verdict verdict(
            List<Suspect> suspects,
            TargetSearch.Result first,
            TargetSearch.Result second,
            Map<TopicPartition, Long> starts) {
        var found = new HashMap<>(second.found());
        found.putAll(first.found());
        var proofs = new ArrayList<Proof>();
        var absent = new ArrayList<UUID>();
        for (var suspect : suspects) {
            var place = suspect.place();
            var seen = found.get(suspect.replayId());
            if (seen != null) {
                var sent = seen.get(0);
                proofs.add(new Proof(suspect.replayId(), sent.attempt(), sent.partition(), sent.offset()));
            } else if (place == null || isAbsent(suspect, place, second, starts)) {
                absent.add(suspect.replayId());
            }
        }
        return new Verdict(proofs, absent);
    }

    private static boolean isAbsent(
            Suspect suspect, TopicPartition place, TargetSearch.Result search, Map<TopicPartition, Long> starts) {
        return suspect.recognisable()
                && search.complete().contains(place)
                && starts.getOrDefault(place, Long.MAX_VALUE) <= suspect.from();
    }
}
