package dev.redrive.alert;

import dev.redrive.alert.DeliveryStore.Delivery;
import dev.redrive.alert.DeliveryStore.Try;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Deliveries as the contract shows them. */
final class DeliveryJson {

    private DeliveryJson() {}

    static JsonObject summary(Delivery delivery) {
        var group = delivery.failureGroupId();
        var alert = delivery.alertId();
        var endpoint = delivery.endpoint();
        return new JsonObject()
                .put("id", delivery.webhookId())
                .put("event", delivery.event())
                .put("alertId", alert == null ? null : alert.toString())
                .put("failureGroupId", group == null ? null : Long.toString(group))
                .put(
                        "endpoint",
                        new JsonObject()
                                .put("id", Integer.toString(endpoint.id()))
                                .put("name", endpoint.name())
                                .put("kind", endpoint.kind().word())
                                .put("failingSince", Times.rfc3339(endpoint.failingSince()))
                                .put("nextTrialAt", Times.rfc3339(endpoint.nextTrialAt())))
                .put("title", message(delivery).title())
                .put("state", delivery.state())
                .put("suppressedBy", delivery.suppressedBy())
                .put("attempts", delivery.attempts())
                .put("lastStatus", delivery.lastStatus())
                .put("lastError", delivery.lastError())
                .put("latencyMillis", delivery.latencyMillis())
                .put("createdAt", Times.rfc3339(delivery.createdAt()))
                .put("nextAttemptAt", Times.rfc3339(delivery.nextAttemptAt()))
                .put("deliveredAt", Times.rfc3339(delivery.deliveredAt()));
    }

    /** With what is posted; a routing key in it is not shown. */
    static JsonObject detail(Delivery delivery, List<Try> tries, String publicUrl) {
        var to = delivery.endpoint();
        var body = Form.of(to.kind(), publicUrl, to.allowsPayload(), "…").body(claim(delivery));
        return summary(delivery)
                .put("body", body.toString())
                .put(
                        "tries",
                        new JsonArray(tries.stream().map(DeliveryJson::toJson).toList()));
    }

    private static JsonObject toJson(Try one) {
        return new JsonObject()
                .put("at", Times.rfc3339(one.at()))
                .put("status", one.status())
                .put("error", one.error())
                .put("latencyMillis", one.latencyMillis());
    }

    private static ChannelMessage message(Delivery delivery) {
        return ChannelMessage.of(claim(delivery), false);
    }

    /** Nobody's claim: what it would hold. */
    private static OutboxStore.Claim claim(Delivery delivery) {
        return new OutboxStore.Claim(
                delivery.id(),
                delivery.endpoint().id(),
                0,
                delivery.webhookId(),
                delivery.episode(),
                delivery.event(),
                delivery.data(),
                delivery.attempts(),
                delivery.createdAt().toInstant(),
                Instant.EPOCH,
                Breaker.Standing.WELL);
    }
}
