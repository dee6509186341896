package dev.redrive.replay;

import java.util.Locale;

/** States of a replay: {@code queued -> sending -> done}, with the side exits of docs/replay.md. */
enum ReplayState {
    QUEUED,
    /** Claimed by a lane, and also: its fate is being confirmed. */
    SENDING,
    DONE,
    /** Nothing was sent and nothing will be. */
    FAILED,
    CANCELLED,
    /** Proof is impossible; a person decides. */
    UNCERTAIN;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing will change by itself any more, outcomes of {@link #DONE} apart. */
    boolean isSettled() {
        return this != QUEUED && this != SENDING;
    }

    /** @throws IllegalArgumentException if there is no such word */
    static ReplayState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
