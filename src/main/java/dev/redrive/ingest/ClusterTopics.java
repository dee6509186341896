package dev.redrive.ingest;

import static dev.redrive.kafka.KafkaFutures.future;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the cluster says about its topics now. Every answer comes on the caller's context, within the client's 15 s. */
final class ClusterTopics {

    /** @param start first offset there is; {@code end} the one after the last that is replicated */
    record Bounds(long start, long end) {}

    private static final int ANSWER_MILLIS = 2_000;

    private final Admin admin;

    ClusterTopics(Admin admin) {
        this.admin = admin;
    }

    Future<String> clusterId() {
        return future(admin.describeCluster().clusterId());
    }

    /** All names but Kafka's internal ones. */
    Future<Set<String>> names() {
        return future(admin.listTopics().names());
    }

    /** @return ids by name; topics that do not exist are missing */
    Future<Map<String, UUID>> ids(Set<String> names) {
        return describe(names).map(topics -> {
            var ids = new HashMap<String, UUID>();
            topics.forEach((name, topic) -> ids.put(name, id(topic)));
            return ids;
        });
    }

    static UUID id(TopicDescription topic) {
        return new UUID(
                topic.topicId().getMostSignificantBits(), topic.topicId().getLeastSignificantBits());
    }

    /** @return descriptions by name; topics that do not exist are missing */
    Future<Map<String, TopicDescription>> describe(Set<String> names) {
        var found = new HashMap<String, TopicDescription>();
        var asked = new ArrayList<Future<?>>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach((name, answer) -> asked.add(future(answer)
                        .map(topic -> found.put(name, topic))
                        .recover(failure ->
                                doesNotExist(failure) ? Future.succeededFuture() : Future.failedFuture(failure))));
        return Future.all(asked).map(all -> found);
    }

    private static boolean doesNotExist(Throwable failure) {
        return failure instanceof UnknownTopicOrPartitionException || failure instanceof InvalidTopicException;
    }

    Future<Bounds> bounds(TopicPartition partition) {
        return ends(List.of(partition), OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED)
                .compose(starts -> ends(List.of(partition), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED)
                        .map(ends -> new Bounds(starts.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L))));
    }

    /**
     * Two questions to each broker, however many topics.
     *
     * @return those of which every partition has said within 2 s that it holds no record
     */
    Future<Set<String>> empty(Collection<TopicDescription> topics) {
        var places = new HashMap<String, List<TopicPartition>>();
        topics.stream().filter(ClusterTopics::isLed).forEach(topic -> places.put(topic.name(), places(topic)));
        var all = places.values().stream().flatMap(List::stream).toList();
        var first = answered(all, OffsetSpec.earliest());
        var last = answered(all, OffsetSpec.latest());
        return Future.all(first, last).map(both -> {
            places.values()
                    .removeIf(own -> !own.stream().allMatch(place -> isEmpty(place, first.result(), last.result())));
            return places.keySet();
        });
    }

    /** Whoever asks for a partition without a leader waits for one. */
    private static boolean isLed(TopicDescription topic) {
        return topic.partitions().stream()
                .allMatch(partition ->
                        partition.leader() != null && !partition.leader().isEmpty());
    }

    private static List<TopicPartition> places(TopicDescription topic) {
        return topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                .toList();
    }

    private static boolean isEmpty(
            TopicPartition place, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        return starts.containsKey(place) && Objects.equals(starts.get(place), ends.get(place));
    }

    /** @return offsets of the partitions that answer within 2 s and may be asked */
    private Future<Map<TopicPartition, Long>> answered(List<TopicPartition> places, OffsetSpec spec) {
        if (places.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        places.forEach(place -> asked.put(place, spec));
        var answers = admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs(ANSWER_MILLIS));
        var offsets = new HashMap<TopicPartition, Long>();
        var each = places.stream()
                .map(place -> future(answers.partitionResult(place)).map(answer -> offsets.put(place, answer.offset())))
                .toList();
        return Future.join(each).transform(joined -> Future.succeededFuture(offsets));
    }

    /** @return the offset after the last that a reader of committed records can get, by partition */
    Future<Map<TopicPartition, Long>> readable(List<TopicPartition> partitions) {
        return ends(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    }

    private Future<Map<TopicPartition, Long>> ends(
            List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel level) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, spec));
        return future(admin.listOffsets(asked, new ListOffsetsOptions(level)).all())
                .map(ClusterTopics::offsets);
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, ListOffsetsResultInfo> answers) {
        var offsets = new HashMap<TopicPartition, Long>();
        answers.forEach((partition, answer) -> offsets.put(partition, answer.offset()));
        return offsets;
    }
}
