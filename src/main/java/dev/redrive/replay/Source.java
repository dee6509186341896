package dev.redrive.replay;

import java.util.Locale;

/** Which bytes a replay sends. The CHECK constraint of {@code replay} lists the same words. */
enum Source {
    /** The letter's own, or what its envelope held. */
    ORIGINAL,
    DRAFT,
    /** Those of the origin record, fetched by its coordinates when the replay is asked for. */
    ORIGIN_RECORD,
    /** What the program of a job made of the letter's own. Nobody asks for it by name. */
    TRANSFORM,
    /** Nobody here asked for it: its receipt says what was sent, but not whether somebody had edited it. */
    RECEIPT;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is no such word */
    static Source of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
