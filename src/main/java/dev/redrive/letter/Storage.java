package dev.redrive.letter;

import java.util.Locale;

/** Where the value of a letter lies. The CHECK constraint of {@code dead_letter} lists the same words. */
public enum Storage {
    /** In the row of the letter. */
    INLINE,
    /** In pieces, in {@code letter_chunk}. */
    CHUNKED,
    /** Nowhere but in Kafka: the letter was larger than we store, or Postgres refused it in every form. */
    POINTER;

    /** The word used in the API and in the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such word */
    public static Storage of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
