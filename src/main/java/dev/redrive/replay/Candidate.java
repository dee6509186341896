package dev.redrive.replay;

import dev.redrive.letter.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a letter when somebody wants to replay it, its bytes apart.
 *
 * @param version of the letter's state
 * @param returns how often it came back
 * @param replayable whether its own bytes may be sent as they are
 * @param cluster name of the settings; replays go to the cluster the letter came from
 * @param originTimestamp ms, of the origin record or else of the letter; null where neither is a date
 * @param convention id of the framework's that was recognised
 * @param drops exact names of headers that a replay leaves out
 */
record Candidate(
        long id,
        int version,
        Status status,
        int returns,
        boolean replayable,
        short clusterId,
        String kafkaId,
        String cluster,
        @Nullable String originTopic,
        @Nullable Integer originPartition,
        @Nullable Long originOffset,
        @Nullable Long originTimestamp,
        @Nullable String consumerGroup,
        String convention,
        Set<String> drops) {
    Candidate {
        drops = Set.copyOf(drops);
    }
}
