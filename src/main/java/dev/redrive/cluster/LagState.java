package dev.redrive.cluster;

import java.util.Locale;

/** How a consumer group gets on with a partition, in Burrow's words and one more; a later one is worse. */
enum LagState {
    OK,
    /** Its offset moves, and its lag never falls. */
    WARN,
    /** Its offset went back and is not yet where it was. */
    REWIND,
    /** Its offset lies beyond the end of the log: what comes is skipped, or read again, as its consumers are told to. */
    BEYOND,
    /** Its offset does not move while it has members and records to read. */
    STALL,
    /** Its offset does not move and nobody is there to move it. */
    STOP;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LagState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    boolean isStuck() {
        return this == STALL || this == STOP;
    }
}
