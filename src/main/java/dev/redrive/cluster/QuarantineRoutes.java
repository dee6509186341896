package dev.redrive.cluster;

import dev.redrive.http.Call;
import dev.redrive.http.Routes;
import io.vertx.ext.web.openapi.router.RouterBuilder;

/** Takes a record out of the way of a consumer group, or says what would happen. */
record QuarantineRoutes(QuarantineDesk desk) implements Routes {

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("quarantineRecord").addHandler(Call.answering(desk::answer));
    }
}
