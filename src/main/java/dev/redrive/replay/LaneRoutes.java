package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Shows the lanes, and sets one going that waits for a person; the reset and its audit row are one transaction. */
final class LaneRoutes implements Routes {

    private final LaneDeskStore store;
    private final AuditStore audit;
    private final Idempotency idempotency;

    LaneRoutes(LaneDeskStore store, AuditStore audit, Idempotency idempotency) {
        this.store = store;
        this.audit = audit;
        this.idempotency = idempotency;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listLanes").addHandler(Call.answering(this::list));
        routes.getRoute("resetLane").addHandler(Call.answering(this::reset));
    }

    private Future<Reply> list(Call call) {
        return store.lanes(call.query("cluster"), null)
                .map(lanes -> Reply.ok(new JsonObject()
                        .put(
                                "items",
                                new JsonArray(
                                        lanes.stream().map(LaneRoutes::toJson).toList()))));
    }

    private static JsonObject toJson(Row lane) {
        return new JsonObject()
                .put("cluster", lane.getString("cluster"))
                .put("lane", lane.getInteger("lane"))
                .put("mode", lane.getString("mode"))
                .put("health", lane.getString("health"))
                .put("detail", lane.getString("health_detail"))
                .put("since", Times.rfc3339(lane.getOffsetDateTime("changed_at")))
                .put("owned", lane.getBoolean("owned"))
                .put("queued", lane.getLong("queued"))
                .put("sending", lane.getLong("sending"));
    }

    private Future<Reply> reset(Call call) {
        int number = Integer.parseInt(call.pathParameter("lane"));
        var named = call.query("cluster");
        return store.lanes(named, number).compose(found -> {
            var cluster = one(found, number).getString("cluster");
            return idempotency
                    .once(call, connection -> reset(connection, call, cluster, number))
                    .compose(done -> store.lanes(cluster, number))
                    .map(now -> Reply.ok(toJson(now.get(0))));
        });
    }

    private static Row one(List<Row> found, int number) {
        if (found.isEmpty()) {
            throw RefusedException.notFound("There is no lane " + number);
        }
        if (found.size() > 1) {
            throw RefusedException.invalidParameter("cluster", "Several clusters have this lane; name one");
        }
        return found.get(0);
    }

    private Future<Reply> reset(SqlConnection connection, Call call, String cluster, int number) {
        return LaneDeskStore.reset(connection, cluster, number).compose(reset -> {
            if (!reset) {
                throw RefusedException.conflict("Lane " + number + " of " + cluster + " is not on hold", List.of());
            }
            var event = new AuditEvent(
                    call.actor(),
                    "lane-reset",
                    null,
                    "/api/v1/lanes/" + number,
                    call.body().getString("reason"),
                    new JsonObject().put("cluster", cluster).put("lane", number),
                    call.requestId());
            return audit.record(connection, event).map(recorded -> Reply.ok(new JsonObject()));
        });
    }
}
