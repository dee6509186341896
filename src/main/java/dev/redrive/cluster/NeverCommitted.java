package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.cluster.ConsumerLag.Place;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Where consumer groups are taken to have begun in partitions that they have and never committed for: a consumer that tries
 * the first record of a partition for ever commits nothing. What was written from shortly before it was first seen on is in
 * front of the group, whether its consumers begin with the first record there is or with the last one; what is older is so
 * in the one case alone, and nobody can see which it is. Used on one context, one look at a time.
 */
final class NeverCommitted {

    private static final Duration BEFORE = Duration.ofMinutes(5);

    /** Groups with names of their own come and go. */
    private static final int MOST_BEGINS = 10_000;

    private final int timeoutMillis;
    private final Map<Place, Long> begins = new LinkedHashMap<>();
    private final Map<String, Set<TopicPartition>> assigned = new HashMap<>();

    NeverCommitted(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    /** What was taken for it before a restart, among offsets that were committed: those are not asked for. */
    void recall(Collection<ConsumerLag> stored) {
        stored.forEach(lag -> begins.put(lag.place(), lag.committed()));
    }

    /**
     * @param groups that exist
     * @param found what members have, of each group that Kafka described
     * @param topics those that are watched
     */
    void assigned(Set<String> groups, Map<String, Set<TopicPartition>> found, Set<String> topics) {
        begins.keySet().removeIf(place -> !topics.contains(place.topic()));
        assigned.keySet().retainAll(groups);
        assigned.putAll(found);
    }

    /** What each group has to read, whether it committed or not. Who has nothing now, as between two members, has what it had. */
    Map<String, Set<TopicPartition>> places() {
        var begun = new HashMap<String, Set<TopicPartition>>();
        begins.keySet()
                .forEach(place -> begun.computeIfAbsent(place.group(), group -> new HashSet<>())
                        .add(partition(place)));
        var places = new HashMap<String, Set<TopicPartition>>();
        assigned.forEach((group, has) -> places.put(group, has.isEmpty() ? begun.getOrDefault(group, Set.of()) : has));
        return places;
    }

    /** @return those without a committed offset, of the groups that answered */
    Set<Place> among(CommittedOffsets committed) {
        committed
                .offsets()
                .forEach((group, places) -> places.keySet()
                        .forEach(place -> begins.remove(new Place(group, place.topic(), place.partition()))));
        var never = new HashSet<Place>();
        places().forEach((group, places) -> {
            var known = committed.offsets().get(group);
            if (known != null) {
                places.stream()
                        .filter(place -> !known.containsKey(place))
                        .forEach(place -> never.add(new Place(group, place.topic(), place.partition())));
            }
        });
        return never;
    }

    /**
     * @param ends of the logs, where they are known
     * @param nowMillis when somebody looks
     * @return where each group began; one of which nothing can be said now is missing
     */
    Future<Map<Place, Long>> begins(Admin client, Set<Place> never, Map<TopicPartition, Long> ends, long nowMillis) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        never.stream()
                .filter(place -> !begins.containsKey(place))
                .forEach(place -> asked.put(partition(place), OffsetSpec.forTimestamp(nowMillis - BEFORE.toMillis())));
        if (asked.isEmpty()) {
            return Future.succeededFuture(known(never));
        }
        var answers = client.listOffsets(asked, new ListOffsetsOptions().timeoutMs(timeoutMillis));
        var all = new ArrayList<Future<?>>();
        for (var place : never) {
            var end = ends.get(partition(place));
            if (!begins.containsKey(place) && end != null) {
                long last = end;
                all.add(future(answers.partitionResult(partition(place)))
                        .<Void>map(first -> {
                            begins.put(place, first.offset() < 0 ? last : first.offset());
                            return null;
                        })
                        .otherwise((Void) null));
            }
        }
        return Future.join(all).map(done -> {
            var oldest = begins.keySet().iterator();
            while (begins.size() > MOST_BEGINS) {
                oldest.next();
                oldest.remove();
            }
            return known(never);
        });
    }

    private Map<Place, Long> known(Set<Place> never) {
        var known = new HashMap<Place, Long>();
        never.forEach(place -> {
            var begin = begins.get(place);
            if (begin != null) {
                known.put(place, begin);
            }
        });
        return known;
    }

    private static TopicPartition partition(Place place) {
        return new TopicPartition(place.topic(), place.partition());
    }
}
