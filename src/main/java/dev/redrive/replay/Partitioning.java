package dev.redrive.replay;

import java.util.Locale;

/** How a replay finds its partition. The CHECK constraints of {@code draft} and {@code replay} list the same words. */
enum Partitioning {
    /** As Kafka's own producer does it: by the key's murmur2 hash; without a key by the replay's id. */
    KEY,
    /** The partition of the origin record. */
    ORIGINAL,
    /** The partition that somebody named. */
    FIXED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such word */
    static Partitioning of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
