package dev.redrive.cluster;

import static dev.redrive.kafka.KafkaFutures.future;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * What consumer groups have committed, by group.
 *
 * @param unanswered groups that Kafka did not answer for; one that is gone, or that we may not see, is in neither part
 */
record CommittedOffsets(Map<String, Map<TopicPartition, Long>> offsets, Set<String> unanswered) {

    /** @param specs what is asked of each group, all in one question */
    static Future<CommittedOffsets> of(
            Admin client, Map<String, ListConsumerGroupOffsetsSpec> specs, int timeoutMillis) {
        var offsets = new HashMap<String, Map<TopicPartition, Long>>();
        var unanswered = new HashSet<String>();
        if (specs.isEmpty()) {
            return Future.succeededFuture(new CommittedOffsets(offsets, unanswered));
        }
        var answers =
                client.listConsumerGroupOffsets(specs, new ListConsumerGroupOffsetsOptions().timeoutMs(timeoutMillis));
        var asked = specs.keySet().stream()
                .map(group -> future(answers.partitionsToOffsetAndMetadata(group))
                        .<Void>map(found -> {
                            offsets.put(group, known(found));
                            return null;
                        })
                        .otherwise(failure -> {
                            if (!isAbsence(failure)) {
                                unanswered.add(group);
                            }
                            return null;
                        }))
                .toList();
        return Future.join(asked).map(all -> new CommittedOffsets(offsets, unanswered));
    }

    private static boolean isAbsence(Throwable failure) {
        var cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof GroupIdNotFoundException || cause instanceof AuthorizationException;
    }

    /** Where nothing is committed the answer holds a null, or -1. */
    private static Map<TopicPartition, Long> known(Map<TopicPartition, OffsetAndMetadata> found) {
        var known = new HashMap<TopicPartition, Long>();
        found.forEach((place, offset) -> {
            if (offset != null && offset.offset() >= 0) {
                known.put(place, offset.offset());
            }
        });
        return known;
    }
}
