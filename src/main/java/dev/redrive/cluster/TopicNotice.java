package dev.redrive.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * What there is to tell of a dead-letter topic that somebody should look after, or that is well again.
 *
 * @param episode number of the episode; it fires once and is resolved once
 * @param resolved whether it is over; {@code details} are then those of its beginning
 * @param kind one word: {@code expiry}, {@code transaction} or {@code unready}
 * @param cluster the name that the settings give it
 * @param partition -1 where it is about the whole topic
 * @param details names, counts, offsets and times as docs/topics.md lists them by kind; never a payload
 */
public record TopicNotice(
        long episode,
        boolean resolved,
        String kind,
        String cluster,
        String topic,
        int partition,
        Instant firedAt,
        JsonObject details) {

    public TopicNotice {
        details = details.copy();
    }
}
