package dev.redrive.grouping;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * Orders in which failure groups are listed; the words are those of the contract. Each falls back to the id, so that a
 * page ends at exactly one place. All but the first two sort every group, of which there are thousands, not millions.
 */
enum GroupSort {
    LAST_SEEN("-lastSeen", "c.last_seen_at", true),
    LAST_SEEN_ASCENDING("lastSeen", "c.last_seen_at", false),
    FIRST_SEEN("-firstSeen", "c.first_seen_at", true),
    FIRST_SEEN_ASCENDING("firstSeen", "c.first_seen_at", false),
    OPEN("-open", "c.open", true),
    LETTERS("-letters", "c.letters", true),
    RATE("-rate", "coalesce(live.letters, 0)", true);

    private final String word;
    private final String column;
    private final boolean descending;

    GroupSort(String word, String column, boolean descending) {
        this.word = word;
        this.column = column;
        this.descending = descending;
    }

    /** @throws IllegalArgumentException if the contract has no such word */
    static GroupSort of(String word) {
        return Arrays.stream(values())
                .filter(sort -> sort.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No sort " + word));
    }

    String orderSql() {
        String direction = descending ? " DESC" : " ASC";
        return column + direction + ", c.failure_group_id" + direction;
    }

    /** Fits what comes after the place, given as the two parameters. */
    String afterSql(String value, String id) {
        return "(" + column + ", c.failure_group_id) " + (descending ? "<" : ">") + " (" + value + ", " + id + ")";
    }

    /** Where the group stands in this order: µs since the epoch, or a count. */
    long placeOf(FailureGroup group) {
        return switch (this) {
            case LAST_SEEN, LAST_SEEN_ASCENDING -> ChronoUnit.MICROS.between(Instant.EPOCH, group.lastSeenAt());
            case FIRST_SEEN, FIRST_SEEN_ASCENDING -> ChronoUnit.MICROS.between(Instant.EPOCH, group.firstSeenAt());
            case OPEN -> group.counts().open();
            case LETTERS -> group.counts().letters();
            case RATE -> group.recentLetters();
        };
    }

    /** The place as the column's type. */
    Object bound(long place) {
        return switch (this) {
            case OPEN, LETTERS, RATE -> place;
            default -> OffsetDateTime.ofInstant(Instant.EPOCH.plus(place, ChronoUnit.MICROS), ZoneOffset.UTC);
        };
    }
}
