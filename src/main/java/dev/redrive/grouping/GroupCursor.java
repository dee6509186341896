package dev.redrive.grouping;

import dev.redrive.http.ListCursor;
import dev.redrive.http.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The place in a list after which the next page begins, see {@link GroupWalk}.
 *
 * @param place see {@link GroupSort#placeOf}; 0 in the second round, which goes by ids
 * @param since see {@link FailureGroupListStore#since}
 * @param again whether it is in the second round
 */
record GroupCursor(long place, long id, long since, boolean again) {

    /** Beyond what a timestamptz holds, so that no forged place can fail in the database. */
    private static final long MOST = 253_402_300_799_999_999L;

    /** @param list everything that decides what the list holds and in which order */
    String encode(String list) {
        return ListCursor.of(list, place, id, since, again ? 1 : 0);
    }

    /** @throws RefusedException where the cursor belongs to another list, or was altered */
    static @Nullable GroupCursor decode(@Nullable String cursor, String list) {
        if (cursor == null) {
            return null;
        }
        var numbers = ListCursor.read(cursor, list, 4);
        long place = Math.max(0, Math.min(numbers[0], MOST));
        return new GroupCursor(place, numbers[1], Math.max(1, numbers[2]), numbers[3] == 1);
    }
}
