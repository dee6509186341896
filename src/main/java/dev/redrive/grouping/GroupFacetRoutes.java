package dev.redrive.grouping;

import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Clock;

/** What the failure groups of a filter are made up of, by value. */
public final class GroupFacetRoutes implements Routes {

    private final GroupFacetStore store;
    private final Clock clock;

    /** @param reading a pool with a short statement timeout */
    public GroupFacetRoutes(Pool reading, Clock clock) {
        this.store = new GroupFacetStore(reading);
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listGroupFacets").addHandler(Call.answering(this::facets));
    }

    private Future<Reply> facets(Call call) {
        var now = clock.instant();
        var filter = FailureGroupRoutes.filter(call, now);
        var facet = GroupFacet.of(call.query("field", ""));
        return store.count(filter, facet, call.query("prefix", ""), call.number("limit", 20))
                .map(counted -> Reply.ok(toJson(facet, counted).put("asOf", Times.rfc3339(now))));
    }

    private static JsonObject toJson(GroupFacet facet, GroupFacetStore.Counted counted) {
        var items = new JsonArray();
        for (var value : counted.values()) {
            items.add(new JsonObject()
                    .put("value", value.value())
                    .putNull("label")
                    .put("count", total(value.groups(), counted.exact())));
        }
        return new JsonObject()
                .put("field", facet.word())
                .put("items", items)
                .put("others", total(counted.others(), counted.exact()))
                .put("missing", total(counted.missing(), counted.exact()))
                .put("partial", new JsonArray());
    }

    private static JsonObject total(long groups, boolean exact) {
        return new JsonObject().put("value", groups).put("relation", exact ? "eq" : "gte");
    }
}
