package dev.redrive.alert;

import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;

/** Shows what was sent, what is on its way and what is dead. */
final class DeliveryRoutes implements Routes {

    private final DeliveryStore store;

    DeliveryRoutes(DeliveryStore store) {
        this.store = store;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listDeliveries").addHandler(Call.answering(this::list));
    }

    private Future<Reply> list(Call call) {
        var state = call.query("state");
        var keyset = Keyset.of(call, "deliveries " + state);
        return store.page(state, keyset.beforeId(), keyset.fetch())
                .map(found -> Reply.ok(keyset.page(found, DeliveryStore.Delivery::id, DeliveryRoutes::toJson)));
    }

    private static JsonObject toJson(DeliveryStore.Delivery delivery) {
        var group = delivery.failureGroupId();
        return new JsonObject()
                .put("id", delivery.webhookId())
                .put("event", delivery.event())
                .put("failureGroupId", group == null ? null : Long.toString(group))
                .put("state", delivery.state())
                .put("attempts", delivery.attempts())
                .put("lastStatus", delivery.lastStatus())
                .put("lastError", delivery.lastError())
                .put("createdAt", Times.rfc3339(delivery.createdAt()))
                .put("nextAttemptAt", Times.rfc3339(delivery.nextAttemptAt()))
                .put("deliveredAt", Times.rfc3339(delivery.deliveredAt()));
    }
}
