package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Retry topics of the consumer group that refused a letter: a record sent there is seen by that group again and by no
 * other one that reads the origin. Only Spring's are offered. Its consumers take a record without
 * {@code retry_topic-attempts} for a first attempt and one without {@code retry_topic-backoff-timestamp} at once
 * ({@code DeadLetterPublishingRecovererFactory}, {@code KafkaBackoffAwareMessageListenerAdapter}); those of others need
 * what only their framework writes.
 */
final class RetryTopics {

    /** As they are sent along: a retry topic's consumer writes where a record came from only where that is missing. */
    private static final Set<String> KEPT = Set.of(
            "kafka_original-topic",
            "kafka_original-partition",
            "kafka_original-offset",
            "kafka_original-timestamp",
            "kafka_original-timestamp-type",
            "kafka_dlt-original-consumer-group");

    private static final String SPRING = "spring-kafka";
    private static final Pattern NAME = Pattern.compile(".+-retry(?:-[0-9]+)*");
    private static final Pattern TIERS = Pattern.compile("-retry(?:-[0-9]+)*");
    private static final Pattern OTHER_TIERS =
            Pattern.compile("[._-]retry(?:[._-][0-9]+(?:ms|s|m|h|d)?)*|__(?:.+__)?(?:retry|resq)");
    private static final int MOST_TOPICS = 20;

    private RetryTopics() {}

    /** Whose retry topics are looked for. @param group that refused the letters; null where they do not say */
    record Source(String cluster, String topic, @Nullable String group, String convention) {}

    /** @param why a sentence @param groups that read it, in order */
    record Offer(String topic, boolean offered, String why, List<String> groups) {

        JsonObject toJson() {
            return new JsonObject()
                    .put("topic", topic)
                    .put("offered", offered)
                    .put("why", why)
                    .put("groups", new JsonArray(groups));
        }
    }

    static JsonArray toJson(List<Offer> offers) {
        return new JsonArray(offers.stream().map(Offer::toJson).toList());
    }

    /** Whether a topic is named as Spring names its retry topics. */
    static boolean isOne(String topic) {
        return NAME.matcher(topic).matches();
    }

    /** @return names of headers that are left out on the way to this topic, of those that its convention drops */
    static Set<String> drops(@Nullable String topic, Set<String> drops) {
        if (topic == null || !isOne(topic)) {
            return Set.copyOf(drops);
        }
        var rest = new HashSet<>(drops);
        rest.removeAll(KEPT);
        return Set.copyOf(rest);
    }

    /** @return those that are there and named by a convention, offered or not; fails when Kafka does not answer */
    static Future<List<Offer>> of(TargetCluster cluster, TopicReaders readers, Source source) {
        return cluster.admin().answer(client -> client.listTopics().names()).compose(names -> {
            var near = new TreeSet<String>();
            names.stream()
                    .filter(name -> isNear(name, source))
                    .limit(MOST_TOPICS)
                    .forEach(near::add);
            return near.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : readersOf(cluster, readers, source, near)
                            .map(read -> near.stream()
                                    .map(topic -> offer(topic, source, read.getOrDefault(topic, Set.of())))
                                    .toList());
        });
    }

    private static boolean isNear(String name, Source source) {
        return !tiers(name, source, OTHER_TIERS).isEmpty();
    }

    /** @return what is behind the origin and perhaps the group; empty where that is no retry topic */
    private static String tiers(String name, Source source, Pattern pattern) {
        for (var separator : List.of("", "-" + source.group(), "." + source.group(), "__" + source.group())) {
            var start = source.topic() + separator;
            if (name.startsWith(start)
                    && pattern.matcher(name.substring(start.length())).matches()) {
                return name.substring(start.length());
            }
        }
        return "";
    }

    /** Who committed an offset there, and of the group's own consumers also who is assigned to it. */
    private static Future<Map<String, Set<String>>> readersOf(
            TargetCluster cluster, TopicReaders readers, Source source, Set<String> topics) {
        var read = new LinkedHashMap<String, Set<String>>();
        var own = new TreeSet<String>();
        topics.forEach(topic -> own.addAll(ownGroups(topic, source)));
        var all = new ConsumerProgress(cluster.admin()).assigned(own).<Void>map(assigned -> {
            assigned.forEach((group, places) -> places.forEach(topic ->
                    read.computeIfAbsent(topic, none -> new TreeSet<>()).add(group)));
            return null;
        });
        for (var topic : topics) {
            all = all.compose(before -> readers.of(cluster, topic)).<Void>map(groups -> {
                read.computeIfAbsent(topic, none -> new TreeSet<>()).addAll(groups);
                return null;
            });
        }
        return all.map(read);
    }

    /** Spring adds the end of the topic's name to the group that reads it, unless it was told not to. */
    private static Set<String> ownGroups(String topic, Source source) {
        var group = source.group();
        return group == null ? Set.of() : Set.of(group, group + tiers(topic, source, OTHER_TIERS));
    }

    private static Offer offer(String topic, Source source, Set<String> groups) {
        var group = source.group();
        var readers = List.copyOf(new TreeSet<>(groups));
        if (!source.convention().equals(SPRING) || tiers(topic, source, TIERS).isEmpty()) {
            return new Offer(
                    topic, false, "Its consumers need what only their framework writes into a retry topic", readers);
        }
        if (group == null) {
            return new Offer(topic, false, "The letter does not say which consumer group failed", readers);
        }
        var own = new ArrayList<>(readers);
        own.retainAll(ownGroups(topic, source));
        if (own.isEmpty()) {
            return new Offer(topic, false, "The group that failed, " + group + ", does not read it", readers);
        }
        var others = new ArrayList<>(readers);
        others.removeAll(own);
        return new Offer(
                topic,
                true,
                others.isEmpty()
                        ? "Only " + group + ", which failed, reads it; it takes the record as a first attempt"
                        : group + ", which failed, reads it and takes the record as a first attempt; so does "
                                + String.join(", ", others),
                readers);
    }
}
