package dev.redrive.grouping;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The place in a list after which the next page begins. Opaque to callers, and holds only for the list it came from; it
 * is no secret and proves nothing: a forged one reads from another place of the same list.
 *
 * @param place see {@link GroupSort#placeOf}
 */
record GroupCursor(long place, long id) {

    private static final int BYTES = 3 * Long.BYTES;

    /** Beyond what a timestamptz holds, so that no forged place can fail in the database. */
    private static final long MOST = 253_402_300_799_999_999L;

    /** @param list everything that decides what the list holds and in which order */
    String encode(String list) {
        var bytes = ByteBuffer.allocate(BYTES).putLong(place).putLong(id).putLong(checksum(list));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws RefusedException where the cursor belongs to another list */
    static @Nullable GroupCursor decode(@Nullable String cursor, String list) {
        if (cursor == null) {
            return null;
        }
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (bytes.remaining() == BYTES && bytes.getLong(2 * Long.BYTES) == checksum(list)) {
                return new GroupCursor(Math.max(0, Math.min(bytes.getLong(), MOST)), bytes.getLong());
            }
        } catch (IllegalArgumentException noBase64) {
            // Refused below.
        }
        throw new RefusedException(ProblemCode.CURSOR_MISMATCH, "The cursor does not belong to this list and filter");
    }

    private static long checksum(String list) {
        var checksum = new CRC32();
        checksum.update(list.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }
}
