package dev.redrive.replay;

import dev.redrive.letter.Content;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A replay that nobody has accepted yet: which bytes would go where.
 *
 * @param draft what is sent in place of the letter; null for the letter's own bytes or a fetched record
 * @param content null where there is nothing that may be sent
 * @param hash of the content, null without one
 * @param topic null where the origin is unknown and nobody named another
 * @param found null where there is no such topic, or we may not see it
 * @param targetIsRead whether Redrive reads the target as a dead-letter topic
 */
record ReplayPlan(
        Candidate letter,
        Source source,
        @Nullable Draft draft,
        @Nullable Content content,
        @Nullable Buffer hash,
        Target target,
        @Nullable String topic,
        TargetTopics.@Nullable Topic found,
        boolean targetIsRead) {

    /** Asked for; null where the key decides, or where the origin's is unknown. */
    @Nullable
    Integer partition() {
        return switch (target.partitioning()) {
            case KEY -> null;
            case ORIGINAL -> letter.originPartition();
            case FIXED -> target.partition();
        };
    }
}
