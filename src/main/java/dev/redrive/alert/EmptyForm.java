package dev.redrive.alert;

import io.vertx.core.buffer.Buffer;

/** Of a heartbeat: that it comes is all it says. */
record EmptyForm() implements Form {

    @Override
    public String contentType() {
        return "text/plain";
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        return Buffer.buffer();
    }
}
