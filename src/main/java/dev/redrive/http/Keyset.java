package dev.redrive.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A page of a list that is walked from the highest id down. Its cursor holds only for the filter it came with. */
public record Keyset(long beforeId, int limit, String filter) {

    /** @param filter every parameter that decides what the list holds, in one text */
    public static Keyset of(Call call, String filter) {
        return of(call.query("cursor"), call.number("limit", 50), filter);
    }

    /** @param cursor null for the first page */
    public static Keyset of(@Nullable String cursor, int limit, String filter) {
        return new Keyset(cursor == null ? Long.MAX_VALUE : ListCursor.read(cursor, filter, 1)[0], limit, filter);
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
        return ListCursor.of(filter, id);
    }
}
