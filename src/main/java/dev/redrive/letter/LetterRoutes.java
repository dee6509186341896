package dev.redrive.letter;

import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads letters: the list, one of them, and its family. */
public final class LetterRoutes implements Routes {

    private final LetterStore store;
    private final LetterSearch search;
    private final LetterQueries queries;

    /**
     * @param reading a pool with a short statement timeout
     * @param searching the same for what looks at letters one by one
     */
    public LetterRoutes(LetterStore store, Pool reading, Pool searching, Clock clock) {
        this.store = store;
        this.search = new LetterSearch(reading, searching);
        this.queries = new LetterQueries(clock);
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listDeadLetters").addHandler(Call.answering(this::list));
        routes.getRoute("searchDeadLetters").addHandler(Call.answering(this::search));
        routes.getRoute("getDeadLetter").addHandler(Call.answering(this::get));
        routes.getRoute("getLineage").addHandler(Call.answering(this::lineage));
    }

    private Future<Reply> list(Call call) {
        var scope = queries.scope(call);
        var keyset = Keyset.of(call, LetterQueries.identity(scope));
        var fields = ShownFields.of(call, call.query("fields"));
        return page(scope, keyset, call.flag("count"), fields).map(json -> withLink(call, json));
    }

    /** As the list, for filters that are too long for an address. */
    private Future<Reply> search(Call call) {
        var body = call.body();
        var scope = queries.scope(call, body.getString("q", ""));
        var keyset = Keyset.of(body.getString("cursor"), body.getInteger("limit", 50), LetterQueries.identity(scope));
        var fields = ShownFields.of(call, body.getString("fields"));
        return page(scope, keyset, body.getBoolean("count", false), fields).map(Reply::ok);
    }

    private Future<JsonObject> page(LetterScope scope, Keyset keyset, boolean count, ShownFields fields) {
        var counted = count ? search.count(scope) : null;
        var page = search.page(scope, keyset.beforeId(), keyset.fetch())
                .compose(found -> search.shown(fields, found).map(shown -> toJson(keyset, found, shown)))
                .map(json -> json.put("total", null).put("asOf", Times.rfc3339(scope.asOf())))
                .compose(json -> counted == null
                        ? Future.succeededFuture(json)
                        : counted.map(total -> json.put("total", toJson(total, json))));
        return LetterQueries.refusing(page);
    }

    private static JsonObject toJson(Keyset keyset, LetterSearch.Page page, @Nullable Map<Long, JsonArray> shown) {
        var json = keyset.page(page.rows(), row -> row.getLong("letter_id"), row -> {
            var letter = LetterJson.summary(row);
            var fields = shown == null ? null : shown.get(row.getLong("letter_id"));
            return fields == null ? letter : letter.put("fields", fields);
        });
        if (page.below() != LetterSearch.NOWHERE) {
            json.put("page", Keyset.next(keyset.cursor(page.below())));
        }
        var partial = new ArrayList<>(page.partial());
        if (shown == null) {
            partial.add("the fields of headers and payloads: reading them took longer than 2 s");
        }
        return json.put("partial", new JsonArray(partial)).put("searched", toJson(page.searched()));
    }

    private static @Nullable JsonObject toJson(LetterSearch.@Nullable Searched searched) {
        return searched == null
                ? null
                : new JsonObject().put("letters", searched.letters()).put("of", searched.of());
    }

    private static JsonObject toJson(LetterSearch.Count count, JsonObject page) {
        // What is shown is a lower bound that needs no counting.
        long value = Math.max(count.value(), page.getJsonArray("items").size());
        return new JsonObject().put("value", value).put("relation", count.exact() ? "eq" : "gte");
    }

    private static Reply withLink(Call call, JsonObject json) {
        var next = json.getJsonObject("page").getString("next");
        if (next == null) {
            return Reply.ok(json);
        }
        var parameters = new ArrayList<String>();
        var names = new ArrayList<>(LetterQueries.FILTERS);
        names.add("fields");
        for (var name : names) {
            var value = call.query(name);
            if (value != null) {
                parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        parameters.add("limit=" + call.number("limit", 50));
        parameters.add("cursor=" + next);
        return Reply.ok(json).with("Link", "<" + call.path() + "?" + String.join("&", parameters) + ">; rel=\"next\"");
    }

    private Future<Reply> get(Call call) {
        return store.find(call.id()).map(found -> {
            Row row = found.orElseThrow(() -> absent(call));
            var shown = LetterJson.detail(row);
            // A draft and a move to another failure group show, and leave the version as it is.
            var etag = Call.etag(row.getInteger("version"), shown);
            var reply = call.isKnown(etag) ? new Reply(304, null, Map.of()) : Reply.ok(shown);
            return reply.with("ETag", etag);
        });
    }

    private Future<Reply> lineage(Call call) {
        return store.family(call.id()).map(rows -> {
            if (rows.isEmpty()) {
                throw absent(call);
            }
            var items = new JsonArray(rows.stream().map(LetterJson::relative).toList());
            return Reply.ok(new JsonObject().put("items", items));
        });
    }

    static RefusedException absent(Call call) {
        return RefusedException.notFound("No dead letter with id " + call.id());
    }
}
