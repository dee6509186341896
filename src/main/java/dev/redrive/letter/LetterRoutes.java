package dev.redrive.letter;

import dev.redrive.filter.FilterException;
import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.ProblemCode;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads letters: the list, one of them, and its family. */
public final class LetterRoutes implements Routes {

    /** Every parameter that decides what the list holds. */
    private static final List<String> FILTERS =
            List.of("q", "status", "topic", "failureGroup", "convention", "from", "to", "key", "error");

    private final LetterStore store;
    private final LetterListStore lists;
    private final Clock clock;

    /** @param reading a pool with a short statement timeout */
    public LetterRoutes(LetterStore store, Pool reading, Clock clock) {
        this.store = store;
        this.lists = new LetterListStore(reading);
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listDeadLetters").addHandler(Call.answering(this::list));
        routes.getRoute("getDeadLetter").addHandler(Call.answering(this::get));
        routes.getRoute("getLineage").addHandler(Call.answering(this::lineage));
    }

    private Future<Reply> list(Call call) {
        var filter = filter(call);
        var keyset = Keyset.of(call, identity(call));
        var counted = call.flag("count") ? lists.count(filter(call)) : null;
        var asOf = clock.instant();
        return lists.page(filter, keyset.beforeId(), keyset.fetch())
                .map(page -> toJson(keyset, page).put("total", null).put("asOf", Times.rfc3339(asOf)))
                .compose(json -> counted == null
                        ? Future.succeededFuture(json)
                        : counted.map(count -> json.put("total", toJson(count, json))))
                .map(json -> withLink(call, json));
    }

    private static JsonObject toJson(Keyset keyset, LetterListStore.Page page) {
        var json = keyset.page(page.rows(), row -> row.getLong("letter_id"), LetterJson::summary);
        var partial = new JsonArray();
        page.scannedTo().ifPresent(lowest -> {
            partial.add("Searched %,d letters; the cursor goes on from there".formatted(LetterListStore.MOST_SCANNED));
            json.put("page", Keyset.next(keyset.cursor(lowest)));
        });
        return json.put("partial", partial);
    }

    private static JsonObject toJson(LetterListStore.Count count, JsonObject page) {
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
        for (var name : FILTERS) {
            var value = call.query(name);
            if (value != null) {
                parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        parameters.add("limit=" + call.number("limit", 50));
        parameters.add("cursor=" + next);
        return Reply.ok(json).with("Link", "<" + call.path() + "?" + String.join("&", parameters) + ">; rel=\"next\"");
    }

    private static String identity(Call call) {
        return FILTERS.stream()
                .map(name -> name + "=" + call.query(name, "\0"))
                .collect(Collectors.joining("\n", "dead-letters\n", ""));
    }

    /** Each parameter that was given narrows; see the contract. */
    private static LetterFilter filter(Call call) {
        var filter = new LetterFilter();
        try {
            filter.and(call.query("q", ""));
        } catch (FilterException invalid) {
            throw new RefusedException(
                    ProblemCode.QUERY_INVALID,
                    String.valueOf(invalid.getMessage()),
                    new JsonObject().put("position", invalid.position()).put("suggestion", invalid.suggestion()));
        }
        for (var name : FILTERS) {
            var value = call.query(name);
            if (value != null && !name.equals("q")) {
                narrow(filter, name, value);
            }
        }
        return filter;
    }

    private static void narrow(LetterFilter filter, String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw RefusedException.invalidParameter(name, "A filter holds no NUL");
        }
        try {
            switch (name) {
                case "status" ->
                    filter.andStatuses(
                            Arrays.stream(value.split(",")).map(Status::of).collect(Collectors.toSet()));
                case "failureGroup" -> filter.andExactly("group", value);
                case "from" -> filter.andFailedFrom(TimeTerm.time(value, 0));
                case "to" -> filter.andFailedBefore(TimeTerm.time(value, 0));
                default -> filter.andExactly(name, value);
            }
        } catch (FilterException invalid) {
            throw RefusedException.invalidParameter(name, String.valueOf(invalid.getMessage()));
        }
    }

    private Future<Reply> get(Call call) {
        return store.find(call.id()).map(found -> {
            Row row = found.orElseThrow(() -> absent(call));
            int version = row.getInteger("version");
            return call.isKnown(version)
                    ? new Reply(304, null, Map.of()).withVersion(version)
                    : Reply.ok(LetterJson.detail(row)).withVersion(version);
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
