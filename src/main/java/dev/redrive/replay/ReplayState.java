package dev.redrive.replay;

import java.util.Locale;

/** States of a replay: {@code held -> queued -> sending -> done}, with the side exits of docs/replay.md. */
enum ReplayState {
    /** Gathered by a job that has not let it go; no lane sees it. */
    HELD,
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
        return this != HELD && this != QUEUED && this != SENDING;
    }

    /** @throws IllegalArgumentException if there is no such word */
    static ReplayState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
