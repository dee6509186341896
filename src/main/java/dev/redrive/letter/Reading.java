package dev.redrive.letter;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a convention read from an arrival. Everything here is derived from the bytes and can be read again.
 *
 * @param convention id as in {@code conventions/vectors.json}, {@code unknown} where no family was recognised and
 *     {@code none} where the record is no dead letter but its topic was asked for
 * @param origin of the first failure, {@code failure} of the latest
 * @param latest where the latest failure happened, null where that is the origin itself
 * @param replayable whether {@code unwrapped}, or else the letter's own bytes, may be sent as they are
 * @param replayDrops exact names of headers that a replay leaves out, distinct, in order of first appearance
 * @param unwrapped what an envelope held; null where the record's own bytes are the content
 * @param details further facts with stable names, such as {@code connector} or {@code description}
 */
public record Reading(
        String convention,
        Origin origin,
        Failure failure,
        @Nullable Hop latest,
        Payload payload,
        boolean replayable,
        List<String> replayDrops,
        @Nullable Content unwrapped,
        Map<String, String> details) {

    public static final String UNKNOWN = "unknown";
    public static final String NONE = "none";

    public Reading {
        replayDrops = List.copyOf(replayDrops);
        details = Map.copyOf(details);
    }

    /** A station on the way of a record through several dead-letter topics; unknown parts are null. */
    public record Hop(
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable String consumerGroup) {}
}
