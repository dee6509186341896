package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import dev.redrive.cluster.ConsumerLag.Place;
import dev.redrive.cluster.Measured.Offsets;
import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    private final GroupTopics groupTopics;
    private final Map<String, Set<TopicPartition>> readers = new TreeMap<>();
    private Set<String> unsearched = Set.of();
    private Optional<List<GroupTopic>> facts = Optional.empty();
    private int leftOut;
    private int looks;

    /** @param looksPerSearch every so many looks all groups are asked what they read */
    ConsumerOffsets(AdminOnDemand admin, int looksPerSearch) {
        this.admin = admin;
        this.looksPerSearch = looksPerSearch;
        this.groupTopics = new GroupTopics(admin, MILLIS);
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
        var names = groups.stream()
                .filter(group -> group.type().orElse(GroupType.CLASSIC) != GroupType.SHARE)
                .map(GroupListing::groupId)
                .sorted()
                .toList();
        var specs = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        names.stream().limit(MOST_GROUPS_ASKED).forEach(name -> specs.put(name, new ListConsumerGroupOffsetsSpec()));
        return CommittedOffsets.of(client, specs, MILLIS)
                .map(found -> {
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
                    leftOut = Math.max(0, names.size() - MOST_GROUPS_ASKED) + dropMost();
                    return null;
                })
                .compose(searched -> groupTopics.of(readers))
                .map(found -> {
                    facts = Optional.of(found);
                    return null;
                });
    }

    /** @return what the last search found out, once; empty where this look did not search */
    Optional<List<GroupTopic>> takeFacts() {
        var taken = facts;
        facts = Optional.empty();
        return taken;
    }

    /** The first by name, so that the same ones are watched from look to look and in every process. */
    private int dropMost() {
        int places = 0;
        int kept = 0;
        var dropped = new ArrayList<String>();
        for (var reader : readers.entrySet()) {
            places += reader.getValue().size();
            if (kept == MOST_GROUPS || places > MOST_PLACES) {
                dropped.add(reader.getKey());
            } else {
                kept++;
            }
        }
        dropped.forEach(readers::remove);
        return dropped.size();
    }

    private Map<String, ListConsumerGroupOffsetsSpec> specs() {
        var specs = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        readers.forEach(
                (group, places) -> specs.put(group, new ListConsumerGroupOffsetsSpec().topicPartitions(places)));
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
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        committed
                .offsets()
                .values()
                .forEach(places -> places.keySet().forEach(place -> asked.put(place, OffsetSpec.latest())));
        var ends = new HashMap<TopicPartition, Long>();
        if (asked.isEmpty()) {
            return Future.succeededFuture(measured(committed, populated, ends));
        }
        var answers = client.listOffsets(asked, new ListOffsetsOptions().timeoutMs(MILLIS));
        var all = asked.keySet().stream()
                .sorted(Comparator.comparing(TopicPartition::toString))
                .map(place -> future(answers.partitionResult(place))
                        .<Void>map(end -> {
                            ends.put(place, end.offset());
                            return null;
                        })
                        .otherwise((Void) null))
                .toList();
        return Future.join(all).map(done -> measured(committed, populated, ends));
    }

    private Measured measured(CommittedOffsets committed, Set<String> populated, Map<TopicPartition, Long> ends) {
        var offsets = new HashMap<Place, Offsets>();
        var unanswered = new HashSet<>(committed.unanswered());
        unanswered.addAll(unsearched);
        committed
                .offsets()
                .forEach((group, places) -> places.forEach((place, offset) -> {
                    var end = ends.get(place);
                    if (end == null) {
                        unanswered.add(group);
                    } else {
                        offsets.put(new Place(group, place.topic(), place.partition()), new Offsets(offset, end));
                    }
                }));
        return new Measured(offsets, populated, unanswered, leftOut);
    }

    /** The number of members of one group; fails where Kafka does not say. */
    static Future<Integer> members(Admin client, String group) {
        var answer =
                client.describeConsumerGroups(List.of(group)).describedGroups().get(group);
        return answer == null
                ? Future.failedFuture("Kafka did not answer for the group")
                : future(answer).map(described -> described.members().size());
    }
}
