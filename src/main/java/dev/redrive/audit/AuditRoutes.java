package dev.redrive.audit;

import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Arrays;
import java.util.List;

/** Reads the audit: all of it, and the history of one letter. */
public final class AuditRoutes implements Routes {

    private final AuditStore store;

    public AuditRoutes(AuditStore store) {
        this.store = store;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listAudit").addHandler(Call.answering(this::list));
        routes.getRoute("getHistory").addHandler(Call.answering(this::history));
    }

    private Future<Reply> list(Call call) {
        var letter = call.query("letter");
        var filter = new AuditStore.Filter(
                call.query("actor"), call.query("action"), letter == null ? null : Long.valueOf(letter));
        var keyset = Keyset.of(call, "audit " + Arrays.asList(filter.actor(), filter.action(), filter.letterId()));
        return store.page(filter, keyset.beforeId(), keyset.fetch())
                .map(entries -> Reply.ok(keyset.page(entries, AuditStore.Entry::id, AuditRoutes::toJson)));
    }

    private Future<Reply> history(Call call) {
        return store.history(call.id())
                .map(found -> found.map(AuditRoutes::timeline)
                        .orElseThrow(() -> RefusedException.notFound("No dead letter with id " + call.id())));
    }

    private static Reply timeline(List<AuditStore.Entry> entries) {
        return Reply.ok(new JsonObject()
                .put(
                        "items",
                        new JsonArray(entries.stream().map(AuditRoutes::toEvent).toList())));
    }

    private static JsonObject toEvent(AuditStore.Entry entry) {
        var event = entry.event();
        return new JsonObject()
                .put("at", Times.rfc3339(entry.at()))
                .put("actor", event.actor())
                .put("action", event.action())
                .put("reason", event.reason())
                .put("details", event.details());
    }

    private static JsonObject toJson(AuditStore.Entry entry) {
        var event = entry.event();
        return toEvent(entry)
                .put("id", Long.toString(entry.id()))
                .put("letterId", event.letterId() == null ? null : Long.toString(event.letterId()))
                .put("object", event.object())
                .put("requestId", event.requestId());
    }
}
