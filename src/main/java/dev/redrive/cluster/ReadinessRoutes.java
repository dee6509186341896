package dev.redrive.cluster;

import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Map;

/** The readiness of a topic, for people and for pipelines. */
final class ReadinessRoutes implements Routes {

    private static final int FAILED_DEPENDENCY = 424;

    private final ReadinessDesk desk;

    ReadinessRoutes(ReadinessDesk desk) {
        this.desk = desk;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getReadiness").addHandler(Call.answering(this::readiness));
    }

    private Future<Reply> readiness(Call call) {
        // A pipeline that is run again has changed something since.
        boolean fail = call.flag("fail");
        return desk.of(call.query("cluster"), call.pathParameter("name"), fail || call.flag("fresh"))
                .map(found -> {
                    boolean failed = fail && !found.isReady();
                    return new Reply(failed ? FAILED_DEPENDENCY : 200, found.toJson(), Map.of());
                });
    }
}
