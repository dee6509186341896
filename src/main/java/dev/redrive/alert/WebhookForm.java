package dev.redrive.alert;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** CloudEvents 1.0 in structured JSON. The outbox bounds the data to 16 KiB, and the envelope adds less than 2. */
record WebhookForm(String publicUrl, boolean allowsPayload) implements Form {

    @Override
    public String contentType() {
        return CloudEvent.CONTENT_TYPE;
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        var data = allowsPayload
                ? new JsonObject(claim.data())
                : AlertData.of(claim.data()).withoutPayload();
        return CloudEvent.of(claim, publicUrl, data);
    }
}
