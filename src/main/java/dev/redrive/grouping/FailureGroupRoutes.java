package dev.redrive.grouping;

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads failure groups: the list, and one of them. */
public final class FailureGroupRoutes implements Routes {

    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);

    private final FailureGroupListStore store;
    private final Clock clock;

    public FailureGroupRoutes(FailureGroupListStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listFailureGroups").addHandler(Call.answering(this::list));
        routes.getRoute("getFailureGroup").addHandler(Call.answering(this::get));
        routes.getRoute("getTimeline").addHandler(Call.answering(this::timeline));
    }

    private Future<Reply> list(Call call) {
        var sort = GroupSort.of(call.query("sort", "-lastSeen"));
        var filter = filter(call, clock.instant());
        String list = "failure-groups\n" + sort + "\n" + call.query("q", "");
        var after = GroupCursor.decode(call.query("cursor"), list);
        int limit = call.number("limit", 50);
        var window = window(call);
        var total = call.flag("count")
                ? store.count(filter).map(FailureGroupRoutes::toJson)
                : Future.succeededFuture((JsonObject) null);
        return new GroupWalk(store, filter, sort)
                .page(after, limit)
                .compose(found -> {
                    var next = found.next();
                    var cursor = next == null ? null : next.encode(list);
                    return withTrend(found.groups(), window).map(items -> page(items, cursor));
                })
                .compose(page -> total.map(count -> Reply.ok(page.put("total", count))));
    }

    private JsonObject page(JsonArray items, @Nullable String next) {
        return new JsonObject()
                .put("items", items)
                .put("page", Keyset.next(next))
                .put("asOf", Times.rfc3339(clock.instant()));
    }

    private Future<Reply> get(Call call) {
        var window = window(call);
        return store.find(call.id())
                .map(found -> found.orElseThrow(() -> GroupTriageRoutes.absent(call)))
                .compose(group -> {
                    var survivor = group.triage().mergedInto();
                    if (survivor != null) {
                        return Future.succeededFuture(
                                new Reply(301, null, Map.of("Location", GroupTriageRoutes.pathOf(survivor))));
                    }
                    int version = group.triage().version();
                    return withTrend(List.of(group), window)
                            .map(items -> Reply.ok(items.getJsonObject(0)).withVersion(version));
                });
    }

    /** By the hour in which the letters failed, and what is theirs by now. */
    private Future<Reply> timeline(Call call) {
        var window = window(call);
        return store.timeline(call.id(), (int) window.toHours()).map(rows -> {
            if (rows.isEmpty()) {
                throw GroupTriageRoutes.absent(call);
            }
            var items = new JsonArray();
            for (var row : rows) {
                var hour = new JsonObject().put("start", Times.rfc3339(row.getOffsetDateTime("start")));
                FailureGroupListStore.STATUSES.forEach(status -> hour.put(status, row.getLong(status)));
                items.add(hour);
            }
            return Reply.ok(new JsonObject().put("items", items).put("asOf", Times.rfc3339(clock.instant())));
        });
    }

    private Future<JsonArray> withTrend(List<FailureGroup> groups, Duration window) {
        var now = clock.instant();
        var to = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        var from = to.minus(window);
        var ids = groups.stream().map(FailureGroup::id).toList();
        return store.buckets(ids, from, to).map(buckets -> {
            var hours = hours(from, to);
            var items = new JsonArray();
            for (var group : groups) {
                var letters = buckets.getOrDefault(group.id(), Map.of());
                items.add(FailureGroupJson.of(group).put("buckets", trend(letters, hours)));
            }
            return items;
        });
    }

    /** No hour is left out; the last one still runs. */
    private static JsonArray trend(Map<Instant, Long> letters, Map<Instant, String> hours) {
        var trend = new JsonArray();
        hours.forEach((hour, start) ->
                trend.add(new JsonObject().put("start", start).put("letters", letters.getOrDefault(hour, 0L))));
        return trend;
    }

    /** In order, each as it is written: the same for all groups of a page. */
    private static Map<Instant, String> hours(Instant from, Instant to) {
        var hours = new LinkedHashMap<Instant, String>();
        for (var hour = from; hour.isBefore(to); hour = hour.plus(1, ChronoUnit.HOURS)) {
            hours.put(hour, Times.rfc3339(hour));
        }
        return hours;
    }

    private static JsonObject toJson(FailureGroupListStore.Count count) {
        return new JsonObject().put("value", count.value()).put("relation", count.exact() ? "eq" : "gte");
    }

    private static Duration window(Call call) {
        try {
            var window = Duration.parse(call.query("window", "PT24H"));
            if (window.compareTo(Duration.ofHours(1)) >= 0 && window.compareTo(LONGEST_WINDOW) <= 0) {
                return window;
            }
        } catch (DateTimeParseException noDuration) {
            // Refused below.
        }
        throw RefusedException.invalidParameter("window", "A window has 1 hour to 7 days, such as PT24H");
    }

    static GroupFilter filter(Call call, Instant now) {
        try {
            return GroupFilter.of(call.query("q", ""), now, call.actor());
        } catch (FilterException invalid) {
            throw new RefusedException(
                    ProblemCode.QUERY_INVALID, String.valueOf(invalid.getMessage()), new JsonObject(invalid.place()));
        }
    }
}
