package dev.redrive.http;

import dev.redrive.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A place in a list as text that callers take for opaque. It holds only for the list it came from, and one that was
 * altered is refused: behind the place stands a digest of both. No secret is in that, and none is needed: whoever
 * computes one of their own reads from another place of a list that they may read anyway.
 */
public final class ListCursor {

    private static final int DIGEST_BYTES = 12;

    private ListCursor() {}

    /** @param list everything that decides what the list holds and in which order */
    public static String of(String list, long... place) {
        var numbers = ByteBuffer.allocate(place.length * Long.BYTES);
        for (long number : place) {
            numbers.putLong(number);
        }
        var digest = Sha256.begin();
        digest.update(numbers.array());
        var sum = digest.digest(list.getBytes(StandardCharsets.UTF_8));
        var bytes = Arrays.copyOf(numbers.array(), numbers.capacity() + DIGEST_BYTES);
        System.arraycopy(sum, 0, bytes, numbers.capacity(), DIGEST_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * @param numbers how many the place has
     * @throws RefusedException where the cursor belongs to another list or is not as it was given out
     */
    public static long[] read(String cursor, String list, int numbers) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException noBase64) {
            throw mismatch();
        }
        if (bytes.length != numbers * Long.BYTES + DIGEST_BYTES) {
            throw mismatch();
        }
        var place = new long[numbers];
        ByteBuffer.wrap(bytes).asLongBuffer().get(place);
        if (!of(list, place).equals(cursor)) {
            throw mismatch();
        }
        return place;
    }

    private static RefusedException mismatch() {
        return new RefusedException(
                ProblemCode.CURSOR_MISMATCH, "The cursor does not belong to this list and filter, or was altered");
    }
}
