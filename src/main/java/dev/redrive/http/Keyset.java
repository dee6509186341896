package dev.redrive.http;

import dev.redrive.Sha256;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list that is walked from the highest id down. The cursor is opaque and holds only for the filter it came
 * with. It carries no secret and is no proof of anything: a forged one reads from another id of the same list.
 */
public record Keyset(long beforeId, int limit, String filter) {

    private static final int ID_BYTES = Long.BYTES;
    private static final int FILTER_BYTES = 12;

    /** @param filter every parameter that decides what the list holds, in one text */
    public static Keyset of(Call call, String filter) {
        return of(call.query("cursor"), call.number("limit", 50), filter);
    }

    /** @param cursor null for the first page */
    public static Keyset of(@Nullable String cursor, int limit, String filter) {
        return new Keyset(decode(cursor, filter), limit, filter);
    }

    /** One more than is shown tells whether there is more. */
    public int fetch() {
        return limit + 1;
    }

    /**
     * @param fetched up to {@link #fetch()} things
     * @return {@code {"items":[…],"page":{"next":…,"hasMore":…}}}
     */
    public <T> JsonObject page(List<T> fetched, ToLongFunction<T> id, Function<T, JsonObject> toJson) {
        boolean more = fetched.size() > limit;
        var shown = more ? fetched.subList(0, limit) : fetched;
        var items = new JsonArray(shown.stream().map(toJson).toList());
        return new JsonObject()
                .put("items", items)
                .put("page", next(more ? cursor(id.applyAsLong(shown.get(limit - 1))) : null));
    }

    /** @param cursor null on the last page */
    public static JsonObject next(@Nullable String cursor) {
        return new JsonObject().put("next", cursor).put("hasMore", cursor != null);
    }

    /** @return a cursor that goes on below the id */
    public String cursor(long id) {
        var bytes = ByteBuffer.allocate(ID_BYTES + FILTER_BYTES).putLong(id).put(digest(filter));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static long decode(@Nullable String cursor, String filter) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException noBase64) {
            throw mismatch();
        }
        boolean own = bytes.length == ID_BYTES + FILTER_BYTES
                && Arrays.equals(bytes, ID_BYTES, bytes.length, digest(filter), 0, FILTER_BYTES);
        if (!own) {
            throw mismatch();
        }
        return ByteBuffer.wrap(bytes).getLong();
    }

    private static RefusedException mismatch() {
        return new RefusedException(ProblemCode.CURSOR_MISMATCH, "The cursor does not belong to this list and filter");
    }

    private static byte[] digest(String filter) {
        return Arrays.copyOf(Sha256.of(filter), FILTER_BYTES);
    }
}
