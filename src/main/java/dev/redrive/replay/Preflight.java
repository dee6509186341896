package dev.redrive.replay;

import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a replay before its first byte goes out. Whoever does not pass fails with a sentence, and nothing of
 * it is in Kafka.
 */
final class Preflight {

    /** Word of the contract's Override. */
    static final String DEAD_LETTER_TOPIC = "dead-letter-topic";

    private final TargetTopics topics;

    Preflight(TargetTopics topics) {
        this.topics = topics;
    }

    /** @param reason a sentence for the operator */
    record Refusal(UUID replayId, String reason) {}

    /** @param ready in the order of the claims */
    record Result(List<Outgoing> ready, List<Refusal> refused) {}

    /** A claim and the bytes it is to send; null where they are not stored any more. */
    record Loaded(Claim claim, @Nullable Content content) {}

    /** The targets as they are now. Fails only when Kafka does not answer. */
    Future<Map<String, TargetTopics.Topic>> topics(List<Claim> claims) {
        return topics.describe(claims.stream().map(Claim::topic).collect(Collectors.toUnmodifiableSet()));
    }

    /** @param found what {@link #topics} said after the records were claimed */
    static Result check(List<Loaded> loaded, Map<String, TargetTopics.Topic> found) {
        var ready = new ArrayList<Outgoing>();
        var refused = new ArrayList<Refusal>();
        for (var each : loaded) {
            try {
                ready.add(pass(
                        each.claim(), each.content(), found.get(each.claim().topic())));
            } catch (RefusedRecordException refusal) {
                refused.add(new Refusal(each.claim().id(), String.valueOf(refusal.getMessage())));
            }
        }
        return new Result(List.copyOf(ready), List.copyOf(refused));
    }

    private static Outgoing pass(Claim claim, @Nullable Content content, TargetTopics.@Nullable Topic topic) {
        if (topic == null) {
            throw new RefusedRecordException(
                    "There is no topic " + claim.topic() + " any more, or Redrive may not see it");
        }
        if (!topic.id().equals(claim.topicId())) {
            throw new RefusedRecordException("The topic changed: " + topic.name()
                    + " was deleted and created again after this replay was asked for");
        }
        if (!topic.mayWrite()) {
            throw new RefusedRecordException("Redrive has no right to write to " + topic.name());
        }
        if (claim.targetIsRead() && !claim.overrides().contains(DEAD_LETTER_TOPIC)) {
            throw new RefusedRecordException(topic.name() + " is a topic that Redrive reads");
        }
        if (content == null || !ContentCodec.hash(content).equals(claim.contentHash())) {
            throw new RefusedRecordException("The stored bytes are not those that were approved");
        }
        refuse(badPartition(claim.partitioning(), claim.partition(), topic));
        var outgoing = Outgoing.of(claim, content, partition(claim, content, topic));
        refuse(tooLarge(RecordSize.of(outgoing.record()), topic.maxMessageBytes()));
        return outgoing;
    }

    private static void refuse(@Nullable String reason) {
        if (reason != null) {
            throw new RefusedRecordException(reason);
        }
    }

    private static int partition(Claim claim, Content content, TargetTopics.Topic topic) {
        var asked = claim.partitioning() == Partitioning.KEY ? null : claim.partition();
        return asked == null ? Outgoing.partitionOf(claim, content.key(), topic.partitions()) : asked;
    }

    /** @return null where the partition is chosen by key, or exists */
    static @Nullable String badPartition(
            Partitioning partitioning, @Nullable Integer partition, TargetTopics.Topic topic) {
        if (partitioning == Partitioning.KEY) {
            return null;
        }
        if (partition == null) {
            return "The origin's partition is not known; choose another partitioning";
        }
        return partition < topic.partitions()
                ? null
                : topic.name() + " has no partition " + partition + ", it has " + topic.partitions();
    }

    /** @return null where it fits, or the limit is not known */
    static @Nullable String tooLarge(int size, @Nullable Integer limit) {
        return limit == null || size <= limit
                ? null
                : "The record is too large by " + (size - limit) + " bytes: " + size
                        + " with the headers of its replay, and the topic takes " + limit;
    }

    /** Only travels within this class. */
    private static final class RefusedRecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedRecordException(String reason) {
            super(reason, null, false, false);
        }
    }
}
