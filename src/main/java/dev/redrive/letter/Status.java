package dev.redrive.letter;

import java.util.Locale;

/**
 * Status of a letter: {@code open -> replaying -> replayed -> recovered | returned},
 * {@code open -> discarded -> open}, and {@code purged}. The CHECK constraint of {@code letter_state} and the
 * contract list the same words.
 */
public enum Status {
    OPEN,
    REPLAYING,
    REPLAYED,
    RECOVERED,
    RETURNED,
    DISCARDED,
    PURGED;

    /** The word used in the API and in the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such status */
    public static Status of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
