package dev.redrive.audit;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonObject;

/** Audit events as the contract has them. */
final class AuditJson {

    private AuditJson() {}

    /** What a letter's history shows. */
    static JsonObject event(AuditStore.Entry entry) {
        var event = entry.event();
        return new JsonObject()
                .put("at", Times.rfc3339(entry.at()))
                .put("actor", event.actor())
                .put("action", event.action())
                .put("reason", event.reason())
                .put("details", event.details());
    }

    static JsonObject entry(AuditStore.Entry entry) {
        var event = entry.event();
        return event(entry)
                .put("id", Long.toString(entry.id()))
                .put("letterId", event.letterId() == null ? null : Long.toString(event.letterId()))
                .put("object", event.object())
                .put("requestId", event.requestId());
    }
}
