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
import io.vertx.sqlclient.Pool;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the audit: all of it, page by page or as one stream, and the history of one letter. */
public final class AuditRoutes implements Routes {

    private static final int MOST_OF_A_GROUP = 200;

    private final AuditStore store;
    private final AuditListStore lists;
    private final AuditExport export;

    /** @param reading a pool with a short statement timeout */
    public AuditRoutes(AuditStore store, Pool reading) {
        this.store = store;
        this.lists = new AuditListStore(reading);
        this.export = new AuditExport(lists);
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listAudit").addHandler(Call.answering(this::list));
        routes.getRoute("exportAudit").addHandler(Call.streaming(call -> export.send(call, filter(call))));
        routes.getRoute("getHistory").addHandler(Call.answering(this::history));
        routes.getRoute("getGroupHistory").addHandler(Call.answering(this::groupHistory));
    }

    private Future<Reply> list(Call call) {
        var filter = filter(call);
        var keyset = Keyset.of(call, "audit " + filter);
        return lists.page(filter, keyset.beforeId(), keyset.fetch())
                .map(entries -> Reply.ok(keyset.page(entries, AuditStore.Entry::id, AuditJson::entry)));
    }

    private static AuditListStore.Filter filter(Call call) {
        for (var name : Arrays.asList("actor", "action", "object", "text")) {
            if (call.query(name, "").indexOf('\0') >= 0) {
                throw RefusedException.invalidParameter(name, "A filter holds no NUL");
            }
        }
        var letter = call.query("letter");
        return new AuditListStore.Filter(
                call.query("actor"),
                call.query("action"),
                letter == null ? null : Long.valueOf(letter),
                call.query("object"),
                time(call, "from"),
                time(call, "to"),
                call.query("text"));
    }

    private static @Nullable OffsetDateTime time(Call call, String name) {
        var given = call.query(name);
        try {
            return given == null ? null : Times.read(given);
        } catch (DateTimeException invalid) {
            throw RefusedException.invalidParameter(name, "Expected a time such as 2026-11-23T02:00:00Z");
        }
    }

    private Future<Reply> history(Call call) {
        return store.history(call.id())
                .map(found -> found.map(AuditRoutes::timeline)
                        .orElseThrow(() -> RefusedException.notFound("No dead letter with id " + call.id())));
    }

    /** What was done to a failure group, oldest first; to its letters is another story. */
    private Future<Reply> groupHistory(Call call) {
        var object = "/api/v1/failure-groups/" + call.id();
        var filter = new AuditListStore.Filter(null, null, null, object, null, null, null);
        return lists.page(filter, Long.MAX_VALUE, MOST_OF_A_GROUP).map(entries -> {
            var oldestFirst = new ArrayList<>(entries);
            Collections.reverse(oldestFirst);
            return timeline(oldestFirst);
        });
    }

    private static Reply timeline(List<AuditStore.Entry> entries) {
        var items = new JsonArray(entries.stream().map(AuditJson::event).toList());
        return Reply.ok(new JsonObject().put("items", items));
    }
}
