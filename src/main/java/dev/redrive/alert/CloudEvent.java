package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** Renders an event as CloudEvents 1.0 in structured JSON; the same for every attempt, byte for byte, but for the payload of a letter that was purged meanwhile. */
final class CloudEvent {

    static final String CONTENT_TYPE = "application/cloudevents+json";

    private CloudEvent() {}

    /** @param source the base of our links: it tells several Redrives apart */
    static Buffer of(OutboxStore.Claim claim, String source, JsonObject data) {
        return new JsonObject()
                .put("specversion", "1.0")
                .put("id", claim.webhookId())
                .put("source", source)
                .put("type", claim.event())
                .put("subject", claim.episode())
                .put("time", Times.rfc3339(claim.createdAt()))
                .put("datacontenttype", "application/json")
                .put("data", data)
                .toBuffer();
    }
}
