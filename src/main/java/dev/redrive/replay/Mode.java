package dev.redrive.replay;

/** What the target cluster lets a lane promise; see docs/replay.md. Stored with the lane and each replay. */
enum Mode {
    /** Transactions with {@code transaction.version} 2 (KIP-890): one committed record for each replay. */
    STRICT("strict"),
    /** Transactions of an older broker, where a late message may still complete the wrong one (KAFKA-14402). */
    BEST_EFFORT("best-effort"),
    /** No transactions: the target is searched for the replay id after a doubt. */
    FALLBACK("fallback");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    /** As it is said in a sentence. */
    String said() {
        return word.replace('-', ' ');
    }

    boolean isTransactional() {
        return this != FALLBACK;
    }

    /** @throws IllegalArgumentException if there is no such word */
    static Mode of(String word) {
        for (var mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("No mode " + word);
    }
}
