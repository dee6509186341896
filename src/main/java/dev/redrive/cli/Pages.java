package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists that come page by page. */
final class Pages {

    private static final int LARGEST = 500;
    private static final int MOST = 100_000;

    private Pages() {}

    /** What one asks with: how many, and behind which cursor, null for the first page. */
    record Ask(int limit, @Nullable String cursor) {}

    /** @param limit letters altogether, from 1 to 100,000 */
    static List<JsonObject> read(int limit, Output output, Function<Ask, Answer> page) {
        if (limit < 1 || limit > MOST) {
            throw Failure.usage("--limit is from 1 to 100000");
        }
        var items = new ArrayList<JsonObject>();
        String cursor = null;
        do {
            var answer = page.apply(new Ask(Math.min(LARGEST, limit - items.size()), cursor))
                    .orFail();
            items.addAll(answer.items());
            // A search that stopped early goes on behind its cursor; only its end is worth a note.
            cursor = answer.body().getJsonObject("page").getString("next");
        } while (cursor != null && items.size() < limit);
        if (cursor != null) {
            output.note("There are more than " + items.size() + "; raise --limit or narrow the filter");
        }
        return items;
    }

    /** The query of an address; parameters that are null are left out. @param pairs name and value by turns */
    static String query(@Nullable Object... pairs) {
        var query = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(pairs[i])
                        .append('=')
                        .append(URLEncoder.encode(String.valueOf(pairs[i + 1]), StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }
}
