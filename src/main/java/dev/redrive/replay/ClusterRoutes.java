package dev.redrive.replay;

import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import dev.redrive.replay.ClusterStore.KnownLane;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The clusters, whether they answer, and what their lanes can promise: what one looks at before and after trouble. */
final class ClusterRoutes implements Routes {

    private static final long PATIENCE_SECONDS = 2;

    private final ClusterStore store;
    private final Map<String, TargetCluster> clusters;

    /** @param clusters those of the settings, by name */
    ClusterRoutes(ClusterStore store, Map<String, TargetCluster> clusters) {
        this.store = store;
        this.clusters = new LinkedHashMap<>(clusters);
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listClusters").addHandler(Call.answering(call -> list()));
    }

    private Future<Reply> list() {
        var names = List.copyOf(clusters.keySet());
        var asked = names.stream().map(name -> reachable(clusters.get(name))).toList();
        var known = store.lanes();
        return Future.all(known, Future.join(asked)).map(answered -> {
            var reached = new LinkedHashMap<String, Boolean>();
            for (int i = 0; i < names.size(); i++) {
                reached.put(names.get(i), asked.get(i).result());
            }
            return Reply.ok(toJson(known.result(), reached));
        });
    }

    private static Future<Boolean> reachable(@Nullable TargetCluster cluster) {
        return Future.succeededFuture()
                .compose(now -> cluster == null ? Future.succeededFuture() : cluster.kafkaId())
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .map(id -> true)
                .otherwise(false);
    }

    /** @param reached the clusters of the settings, and whether they answered */
    static JsonObject toJson(List<KnownLane> known, Map<String, Boolean> reached) {
        var names = new LinkedHashSet<>(reached.keySet());
        known.forEach(lane -> names.add(lane.name()));
        var items = new JsonArray();
        for (var name : names) {
            var lanes = known.stream().filter(lane -> lane.name().equals(name)).toList();
            items.add(new JsonObject()
                    .put("name", name)
                    .put("kafkaId", lanes.isEmpty() ? null : lanes.get(0).kafkaId())
                    .put("configured", reached.containsKey(name))
                    .put("reachable", reached.get(name))
                    .put("lanes", lanes(lanes)));
        }
        return new JsonObject().put("items", items);
    }

    private static JsonArray lanes(List<KnownLane> known) {
        var lanes = new JsonArray();
        for (var each : known) {
            var lane = each.lane();
            if (lane != null) {
                lanes.add(new JsonObject()
                        .put("lane", lane.number())
                        .put("mode", lane.mode())
                        .put("health", lane.health())
                        .put("detail", lane.detail())
                        .put("owned", lane.owned())
                        .put("changedAt", Times.rfc3339(lane.changedAt())));
            }
        }
        return lanes;
    }
}
