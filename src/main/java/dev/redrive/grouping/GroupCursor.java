package dev.redrive.grouping;

import dev.redrive.http.ListCursor;
import dev.redrive.http.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The place in a list after which the next page begins.
 *
 * @param place see {@link GroupSort#placeOf}
 */
record GroupCursor(long place, long id) {

    /** Beyond what a timestamptz holds, so that no forged place can fail in the database. */
    private static final long MOST = 253_402_300_799_999_999L;

    /** @param list everything that decides what the list holds and in which order */
    String encode(String list) {
        return ListCursor.of(list, place, id);
    }

    /** @throws RefusedException where the cursor belongs to another list, or was altered */
    static @Nullable GroupCursor decode(@Nullable String cursor, String list) {
        if (cursor == null) {
            return null;
        }
        var numbers = ListCursor.read(cursor, list, 2);
        return new GroupCursor(Math.max(0, Math.min(numbers[0], MOST)), numbers[1]);
    }
}
