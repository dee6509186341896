package dev.redrive.alert;

import dev.redrive.alert.DeliveryStore.Delivery;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows what was sent, what is on its way and what is dead, and sends it again. */
final class DeliveryRoutes implements Routes {

    private static final String PATH = "/api/v1/deliveries/";

    private final DeliveryStore store;
    private final RedeliveryStore redeliveries;
    private final AuditStore audit;
    private final String publicUrl;

    DeliveryRoutes(DeliveryStore store, RedeliveryStore redeliveries, AuditStore audit, String publicUrl) {
        this.store = store;
        this.redeliveries = redeliveries;
        this.audit = audit;
        this.publicUrl = publicUrl;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listDeliveries").addHandler(Call.answering(this::list));
        routes.getRoute("getDelivery").addHandler(Call.answering(this::get));
        routes.getRoute("redeliver").addHandler(Call.answering(this::redeliver));
    }

    private Future<Reply> list(Call call) {
        var endpoint = id(call.query("endpointId"));
        var which = new DeliveryStore.Which(
                call.query("state"),
                endpoint == null ? null : (int) Math.min(endpoint, Integer.MAX_VALUE),
                id(call.query("alertId")));
        var keyset = Keyset.of(call, "deliveries " + which);
        return store.page(which, keyset.beforeId(), keyset.fetch())
                .map(found -> Reply.ok(keyset.page(found, Delivery::id, DeliveryJson::summary)));
    }

    private static @Nullable Long id(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }

    private Future<Reply> get(Call call) {
        return found(call)
                .compose(delivery ->
                        store.tries(delivery).map(tries -> Reply.ok(DeliveryJson.detail(delivery, tries, publicUrl))));
    }

    private Future<Delivery> found(Call call) {
        var id = call.pathParameter("id");
        return store.find(id)
                .map(found -> found.orElseThrow(() -> RefusedException.notFound("No delivery with id " + id)));
    }

    private Future<Reply> redeliver(Call call) {
        return found(call)
                .compose(delivery -> redeliveries
                        .pool()
                        .withTransaction(connection -> redeliveries
                                .again(connection, delivery.webhookId())
                                .compose(again -> again
                                        ? audit.record(connection, event(call, delivery))
                                        : Future.failedFuture(refusal(delivery)))))
                .compose(sent -> found(call))
                .map(delivery -> Reply.accepted(DeliveryJson.summary(delivery), PATH + delivery.webhookId()));
    }

    private static RefusedException refusal(Delivery delivery) {
        return RefusedException.conflict(
                delivery.state().equals("pending")
                        ? "It is on its way already"
                        : "Endpoint " + delivery.endpoint().name() + " is not active, so nothing can be sent to it",
                List.of());
    }

    private static AuditEvent event(Call call, Delivery delivery) {
        var details = new JsonObject()
                .put("event", delivery.event())
                .put("endpoint", delivery.endpoint().name())
                .put("was", delivery.state());
        return new AuditEvent(
                call.actor(), "delivery-resent", null, PATH + delivery.webhookId(), null, details, call.requestId());
    }
}
