package dev.redrive.grouping;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.job.Note;
import dev.redrive.job.Noted;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Function;

/** What people decide about a failure group: its lifecycle, who looks after it, what they noted. */
public final class GroupTriageRoutes implements Routes {

    private final GroupTriageStore store;
    private final FailureGroupListStore lists;
    private final AuditStore audit;

    /** @param pool for what changes */
    public GroupTriageRoutes(Pool pool, AuditStore audit) {
        this.store = new GroupTriageStore(pool);
        this.lists = new FailureGroupListStore(pool);
        this.audit = audit;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("patchFailureGroup").addHandler(Call.answering(this::patch));
        routes.getRoute("listGroupNotes").addHandler(Call.answering(this::notes));
        routes.getRoute("addGroupNote").addHandler(Call.answering(this::addNote));
        routes.getRoute("removeGroupNote").addHandler(Call.answering(this::removeNote));
    }

    static String pathOf(long id) {
        return "/api/v1/failure-groups/" + id;
    }

    private Future<Reply> patch(Call call) {
        call.requireMatch();
        var patch = GroupPatch.of(call.body());
        return changing(
                        call,
                        patch.resolves(),
                        connection -> store.apply(connection, call.id(), patch, call.actor())
                                .compose(applied -> record(connection, call, action(patch), call.body())))
                .compose(done -> now(call));
    }

    private static String action(GroupPatch patch) {
        var decision = patch.decision();
        if (decision == null) {
            return patch.has("assignee") ? "group-assigned" : patch.has("tags") ? "group-tagged" : "group-described";
        }
        return switch (decision.triage()) {
            case "resolved" -> "group-resolved";
            case "snoozed" -> "group-snoozed";
            default -> "group-reopened";
        };
    }

    /** Locked, there, not merged away, and as the caller saw it. */
    private Future<Void> changing(Call call, boolean alone, Function<SqlConnection, Future<Void>> change) {
        return store.pool()
                .withTransaction(connection -> store.lock(connection, call.id(), alone)
                        .map(found -> found.orElseThrow(() -> absent(call)))
                        .compose(locked -> {
                            if (locked.mergedInto() != null) {
                                throw RefusedException.conflict(
                                        "It was merged into failure group " + locked.mergedInto(), List.of());
                            }
                            call.checkMatch(locked.version());
                            return change.apply(connection);
                        }));
    }

    static RefusedException absent(Call call) {
        return RefusedException.notFound("No failure group with id " + call.id());
    }

    private Future<Void> record(SqlConnection connection, Call call, String action, JsonObject details) {
        return audit.record(
                connection,
                new AuditEvent(call.actor(), action, null, pathOf(call.id()), null, details, call.requestId()));
    }

    private Future<Reply> now(Call call) {
        return lists.find(call.id())
                .map(found -> found.orElseThrow(() -> absent(call)))
                .map(group -> Reply.ok(FailureGroupJson.of(group).put("buckets", new JsonArray()))
                        .withVersion(group.triage().version()));
    }

    private Future<Reply> notes(Call call) {
        return lists.find(call.id())
                .map(found -> found.orElseThrow(() -> absent(call)))
                .compose(group -> store.notes(group.id()))
                .map(notes -> Reply.ok(Note.list(notes, call.actor())));
    }

    private Future<Reply> addNote(Call call) {
        var text = Noted.text(call.body().getValue("text"), "/text");
        return changing(
                        call,
                        false,
                        connection -> store.addNote(connection, call.id(), call.actor(), text)
                                .compose(added ->
                                        record(connection, call, "group-noted", new JsonObject().put("text", text))))
                .compose(done -> now(call));
    }

    private Future<Reply> removeNote(Call call) {
        long note = Long.parseLong(call.pathParameter("noteId"));
        return changing(
                        call,
                        false,
                        connection -> store.removeNote(connection, call.id(), note, call.actor())
                                .compose(removed -> {
                                    if (!removed) {
                                        throw RefusedException.notFound("You wrote no note " + note + " to this group");
                                    }
                                    return record(connection, call, "group-note-removed", new JsonObject());
                                }))
                .map(done -> Reply.noContent());
    }
}
