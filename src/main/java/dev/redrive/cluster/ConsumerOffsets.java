package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.cluster.ConsumerLag.Place;
import dev.redrive.cluster.Measured.Offsets;
import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks one cluster how far its consumer groups are: three questions a look, whatever the number of groups. Which groups
 * read our topics is found out every few looks, in one question for all of them. Used on one context, one look at a time.
 */
final class ConsumerOffsets {

    private static final int MOST_GROUPS_ASKED = 1_000;
    private static final int MOST_GROUPS = 200;
    private static final int MOST_PLACES = 5_000;
    private static final int MILLIS = 8_000;

    private final AdminOnDemand admin;
    private final int looksPerSearch;
    private final Clock clock;
    private final GroupTopics groupTopics;
    private final ShareGroups shareGroups;
    private final NeverCommitted neverCommitted = new NeverCommitted(MILLIS);
    private final Map<String, Set<TopicPartition>> readers = new TreeMap<>();
    private Map<String, Set<TopicPartition>> asked = Map.of();
    private Set<String> unsearched = Set.of();
    private Optional<Searched> searched = Optional.empty();
    private int leftOut;
    private int looks;

    /** @param looksPerSearch every so many looks all groups are asked what they read */
    ConsumerOffsets(AdminOnDemand admin, int looksPerSearch, Clock clock) {
        this.admin = admin;
        this.looksPerSearch = looksPerSearch;
        this.clock = clock;
        this.groupTopics = new GroupTopics(admin, MILLIS);
        this.shareGroups = new ShareGroups(admin, MILLIS);
    }

    /** Begins with what is stored. */
    void recall(List<ConsumerLag> stored) {
        neverCommitted.recall(stored);
    }

    /** @param topics those whose readers are watched; fails where Kafka does not answer at all */
    Future<Measured> look(Set<String> topics) {
        var options = new ListGroupsOptions().timeoutMs(MILLIS);
        return admin.ask(client -> future(client.listGroups(options).all())
                .compose(groups -> search(client, groups, topics)
                        .compose(searched -> CommittedOffsets.of(client, specs(), MILLIS))
                        .compose(committed -> ends(client, committed, populated(groups)))));
    }

    private Future<?> search(Admin client, Collection<GroupListing> groups, Set<String> topics) {
        if (looks++ % looksPerSearch != 0) {
            return Future.succeededFuture();
        }
        var types = new TreeMap<String, GroupType>();
        groups.forEach(group -> types.put(group.groupId(), group.type().orElse(GroupType.UNKNOWN)));
        var names = names(types, type -> type != GroupType.SHARE);
        var sharing = names(types, type -> type == GroupType.SHARE);
        var specs = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        names.stream().limit(MOST_GROUPS_ASKED).forEach(name -> specs.put(name, new ListConsumerGroupOffsetsSpec()));
        return CommittedOffsets.of(client, specs, MILLIS)
                .compose(found -> {
                    take(found, topics);
                    return groupTopics.of(types, readers, young(found, populated(groups)), topics);
                })
                .compose(found -> shareGroups
                        .of(sharing.stream().limit(MOST_GROUPS).toList(), topics)
                        .map(shares -> {
                            neverCommitted.assigned(Set.copyOf(names), found.assigned(), topics);
                            leftOut = Math.max(0, names.size() - MOST_GROUPS_ASKED)
                                    + Math.max(0, sharing.size() - MOST_GROUPS)
                                    + choose();
                            searched = Optional.of(new Searched(
                                    found.facts().stream()
                                            .filter(fact -> asked.containsKey(fact.group()))
                                            .toList(),
                                    shares));
                            return null;
                        }));
    }

    /** In order, so that the same ones are asked from look to look. */
    private static List<String> names(Map<String, GroupType> types, Predicate<GroupType> wanted) {
        return types.entrySet().stream()
                .filter(type -> wanted.test(type.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void take(CommittedOffsets found, Set<String> topics) {
        readers.keySet().retainAll(found.unanswered());
        // Whoever did not answer may read our topics, and is not gone for that.
        unsearched = found.unanswered();
        looks = unsearched.isEmpty() ? looks : 0;
        found.offsets().forEach((group, places) -> {
            var ours = new HashSet<>(places.keySet());
            ours.removeIf(place -> !topics.contains(place.topic()));
            if (!ours.isEmpty()) {
                readers.put(group, ours);
            }
        });
    }

    /** Who has members and never committed anything. */
    private static Set<String> young(CommittedOffsets found, Set<String> populated) {
        return found.offsets().entrySet().stream()
                .filter(group -> group.getValue().isEmpty() && populated.contains(group.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .limit(MOST_GROUPS)
                .collect(Collectors.toSet());
    }

    /** @param shares share groups, which are found by the same search and have nothing else in common */
    record Searched(List<GroupTopic> facts, ShareGroups.Found shares) {}

    /** @return what the last search found out, once; empty where this look did not search */
    Optional<Searched> takeSearched() {
        var taken = searched;
        searched = Optional.empty();
        return taken;
    }

    /**
     * The first by name, so that the same ones are watched from look to look and in every process.
     *
     * @return how many there are more
     */
    private int choose() {
        var all = new TreeMap<String, Set<TopicPartition>>();
        readers.forEach((group, places) -> all.put(group, new HashSet<>(places)));
        neverCommitted.places().forEach((group, places) -> {
            if (!places.isEmpty()) {
                all.computeIfAbsent(group, name -> new HashSet<>()).addAll(places);
            }
        });
        var chosen = new TreeMap<String, Set<TopicPartition>>();
        int places = 0;
        for (var reader : all.entrySet()) {
            places += reader.getValue().size();
            if (chosen.size() < MOST_GROUPS && places <= MOST_PLACES) {
                chosen.put(reader.getKey(), reader.getValue());
            }
        }
        asked = chosen;
        return all.size() - chosen.size();
    }

    private Map<String, ListConsumerGroupOffsetsSpec> specs() {
        var specs = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        asked.forEach((group, places) -> specs.put(group, new ListConsumerGroupOffsetsSpec().topicPartitions(places)));
        return specs;
    }

    private static Set<String> populated(Collection<GroupListing> groups) {
        var populated = new HashSet<String>();
        for (var group : groups) {
            var state = group.groupState().orElse(GroupState.UNKNOWN);
            if (state != GroupState.EMPTY && state != GroupState.DEAD) {
                populated.add(group.groupId());
            }
        }
        return populated;
    }

    /** The end for those who read everything: records of a transaction that hangs are a lag as well. */
    private Future<Measured> ends(Admin client, CommittedOffsets committed, Set<String> populated) {
        var never = neverCommitted.among(committed);
        var places = new HashSet<TopicPartition>();
        committed.offsets().values().forEach(each -> places.addAll(each.keySet()));
        never.forEach(place -> places.add(new TopicPartition(place.topic(), place.partition())));
        var ends = new HashMap<TopicPartition, Long>();
        if (places.isEmpty()) {
            return Future.succeededFuture(measured(committed, Map.of(), populated, ends));
        }
        var specs = new HashMap<TopicPartition, OffsetSpec>();
        places.forEach(place -> specs.put(place, OffsetSpec.latest()));
        var answers = client.listOffsets(specs, new ListOffsetsOptions().timeoutMs(MILLIS));
        var all = places.stream()
                .sorted(Comparator.comparing(TopicPartition::toString))
                .map(place -> future(answers.partitionResult(place))
                        .<Void>map(end -> {
                            ends.put(place, end.offset());
                            return null;
                        })
                        .otherwise((Void) null))
                .toList();
        return Future.join(all)
                .compose(done -> neverCommitted.begins(client, never, ends, clock.millis()))
                .map(begins -> measured(committed, begins, populated, ends));
    }

    private Measured measured(
            CommittedOffsets committed,
            Map<Place, Long> begins,
            Set<String> populated,
            Map<TopicPartition, Long> ends) {
        var next = new HashMap<>(begins);
        committed
                .offsets()
                .forEach((group, places) -> places.forEach(
                        (place, offset) -> next.put(new Place(group, place.topic(), place.partition()), offset)));
        var offsets = new HashMap<Place, Offsets>();
        var unanswered = new HashSet<>(committed.unanswered());
        unanswered.addAll(unsearched);
        next.forEach((place, offset) -> {
            var end = ends.get(new TopicPartition(place.topic(), place.partition()));
            if (end == null) {
                unanswered.add(place.group());
            } else {
                offsets.put(place, new Offsets(offset, end));
            }
        });
        return new Measured(offsets, begins.keySet(), populated, unanswered, leftOut);
    }
}
