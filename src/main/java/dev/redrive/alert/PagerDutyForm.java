package dev.redrive.alert;

import dev.redrive.Sha256;
import dev.redrive.http.Times;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An event of PagerDuty's Events API v2. The episode is the {@code dedup_key}, so that what fires again joins its
 * incident and what resolves closes it.
 */
record PagerDutyForm(String publicUrl, boolean allowsPayload, String key) implements Form {

    private static final int DEDUP_KEY_CHARS = 255;

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        return ChannelMessage.of(claim, allowsPayload).fitted(this::render);
    }

    private Buffer render(ChannelMessage message) {
        var event = new JsonObject()
                .put("routing_key", key)
                .put("event_action", message.resolved() ? "resolve" : "trigger")
                .put("dedup_key", dedupKey(message.episode()))
                .put("client", "Redrive")
                .put("client_url", publicUrl)
                .put("payload", payload(message));
        var links = new JsonArray();
        add(links, message.link(), "Open in Redrive");
        add(links, message.runbook(), "Runbook");
        return event.put("links", links).toBuffer();
    }

    private JsonObject payload(ChannelMessage message) {
        var details = new JsonObject();
        message.facts().forEach(details::put);
        details.put("commands", new JsonArray(message.commands()));
        if (!message.items().isEmpty()) {
            details.put("alerts", items(message));
        }
        if (message.payload() != null) {
            details.put("payload", message.payload());
        }
        var payload = new JsonObject()
                .put("summary", message.title())
                .put("source", host())
                .put("severity", message.severity())
                .put("timestamp", Times.rfc3339(message.at()))
                .put("class", message.alert())
                .put("custom_details", details);
        put(payload, "component", message.facts().get("Topic"));
        put(payload, "group", message.facts().get("Consumer group"));
        return payload;
    }

    private static void put(JsonObject payload, String name, @Nullable String value) {
        if (value != null) {
            payload.put(name, value);
        }
    }

    private static JsonArray items(ChannelMessage message) {
        var items = new JsonArray();
        message.items()
                .forEach(item ->
                        items.add(item.count() == null ? item.title() : item.title() + " (" + item.count() + ")"));
        var rest = message.rest();
        return rest == null ? items : items.add(rest);
    }

    private static void add(JsonArray links, @Nullable String address, String text) {
        if (address != null) {
            links.add(new JsonObject().put("href", address).put("text", text));
        }
    }

    private String host() {
        var host = URI.create(publicUrl).getHost();
        return host == null ? publicUrl : host;
    }

    /** Two Redrives may share a routing key, and both have an alert 1. */
    private String dedupKey(String episode) {
        var whole = "redrive/" + host() + "/" + episode;
        return whole.length() <= DEDUP_KEY_CHARS
                ? whole
                : "redrive/" + HexFormat.of().formatHex(Sha256.of(whole));
    }
}
