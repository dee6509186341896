package dev.redrive.replay;

import dev.redrive.letter.Position;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay that a lane has taken to send it, without the bytes.
 *
 * @param jobId of the job it belongs to, null for none
 * @param draftId what is sent instead of the letter's own bytes, null for those
 * @param contentHash of what was approved, {@code ContentCodec.hash}
 * @param targetIsRead whether Redrive reads the target topic as a dead-letter topic
 * @param partition asked for; null where unknown, and settled by key otherwise
 * @param timestamp ms to send the record with, null for what the producer's host takes for now
 * @param overrides words of the contract's Override
 * @param attempt 1 for the first
 * @param size of the value in bytes, roughly; bounds what is loaded at once
 * @param drops exact names of headers that are left out; some of them are kept on the way to a retry topic
 */
record Claim(
        UUID id,
        long letterId,
        Position position,
        @Nullable UUID jobId,
        @Nullable Long draftId,
        Buffer contentHash,
        String topic,
        UUID topicId,
        boolean targetIsRead,
        Partitioning partitioning,
        @Nullable Integer partition,
        @Nullable Long timestamp,
        Set<String> overrides,
        int attempt,
        long size,
        Set<String> drops) {
    Claim {
        overrides = Set.copyOf(overrides);
        drops = RetryTopics.drops(topic, drops);
    }
}
