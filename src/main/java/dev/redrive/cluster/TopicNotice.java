package dev.redrive.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * That a dead-letter topic needs somebody, as every look finds it, or that it is well again, once.
 *
 * @param end why it is over, and {@code details} are then those of its beginning; null while it lasts
 * @param cluster the name that the settings give it
 * @param partition -1 where it is about the whole topic
 * @param details names, counts, offsets and times as docs/topics.md lists them by kind; never a payload
 */
public record TopicNotice(
        @Nullable End end,
        Kind kind,
        String cluster,
        String topic,
        int partition,
        Instant firedAt,
        JsonObject details) {

    /** What it needs somebody for. */
    public enum Kind {
        /** Letters that are not stored yet will be deleted by Kafka before long. */
        EXPIRY,
        /** A transaction that does not end holds letters back. */
        TRANSACTION,
        /** A check of its readiness fails that did not fail before. */
        UNREADY;

        /** As the CHECK constraint of {@code topic_episode} has it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why it is over. */
    public enum End {
        /** Nothing is wrong any more. */
        WELL,
        /** Somebody decided that the topic is not read, so nobody looks at it any more. */
        NOT_READ,
        /** There is no such topic any more, or Redrive may not see it. */
        GONE;

        /** As the CHECK constraint of {@code topic_episode} has it. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public TopicNotice {
        details = details.copy();
    }
}
