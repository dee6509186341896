package dev.redrive.alert;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** What a person sends to see whether an endpoint works: tried once, and told to nobody else. */
final class TestAlert {

    static final String TYPE = "redrive.webhook.test";

    private final Links links;

    TestAlert(Links links) {
        this.links = links;
    }

    AlertEvent event(String endpoint, String actor) {
        var data = new JsonObject()
                .put("title", "Test of " + PlainText.of(endpoint, 100))
                .put("status", "info")
                .put("severity", "info")
                .put("why", "Sent by " + PlainText.of(actor, 100))
                .put("link", links.page("/alerts"))
                .put("commands", JsonArray.of(links.curl("/webhooks"), links.curl("/deliveries")));
        return new AlertEvent(TYPE, "test:" + UUID.randomUUID(), null, data);
    }
}
