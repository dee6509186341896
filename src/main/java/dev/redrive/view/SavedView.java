package dev.redrive.view;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody keeps of a list.
 *
 * @param shared whether everybody sees it
 * @param target {@code letters} or {@code groups}
 * @param q the filter in its one way of writing
 * @param sort and {@code tab} are the screen's own words; null for its default
 */
record SavedView(
        String name,
        boolean shared,
        String target,
        String q,
        @Nullable String sort,
        List<String> columns,
        @Nullable String tab) {

    SavedView {
        columns = List.copyOf(columns);
    }

    /** @param q as {@link dev.redrive.filter.FilterText} writes it */
    static SavedView of(JsonObject body, String q) {
        return new SavedView(
                body.getString("name"),
                body.getBoolean("shared", false),
                body.getString("target", "letters"),
                q,
                body.getString("sort"),
                body.containsKey("columns")
                        ? body.getJsonArray("columns").stream()
                                .map(String.class::cast)
                                .toList()
                        : List.of(),
                body.getString("tab"));
    }
}
