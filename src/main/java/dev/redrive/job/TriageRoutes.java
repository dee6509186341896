package dev.redrive.job;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Who looks after a letter, and what people noted about it. */
final class TriageRoutes implements Routes {

    private final TriageStore store;
    private final AuditStore audit;

    TriageRoutes(Pool pool, AuditStore audit) {
        this.store = new TriageStore(pool);
        this.audit = audit;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("patchDeadLetter").addHandler(Call.answering(this::patch));
        routes.getRoute("listNotes").addHandler(Call.answering(this::notes));
        routes.getRoute("addNote").addHandler(Call.answering(this::add));
        routes.getRoute("removeNote").addHandler(Call.answering(this::remove));
    }

    private Future<Reply> patch(Call call) {
        call.requireMatch();
        var body = call.body();
        return store.pool()
                .withTransaction(connection -> locked(connection, call).compose(now -> {
                    call.checkMatch(now.version());
                    var assignee = body.containsKey("assignee")
                            ? Noted.assignee(body.getValue("assignee"), "/assignee")
                            : now.assignee();
                    var tags = body.containsKey("tags") ? Noted.tags(body.getValue("tags"), "/tags") : now.tags();
                    var details = new JsonObject()
                            .put("assignee", assignee)
                            .put("tags", new JsonArray(tags))
                            .put(
                                    "before",
                                    new JsonObject()
                                            .put("assignee", now.assignee())
                                            .put("tags", new JsonArray(now.tags())));
                    return store.set(connection, now.id(), assignee, tags)
                            .compose(set -> record(
                                            connection, call, body.containsKey("tags") ? "tagged" : "assigned", details)
                                    .map(recorded -> reply(set)));
                }));
    }

    private Future<TriageStore.Noting> locked(SqlConnection connection, Call call) {
        return store.lock(connection, call.id()).map(found -> found.orElseThrow(() -> absent(call)));
    }

    private static RefusedException absent(Call call) {
        return RefusedException.notFound("No dead letter with id " + call.id());
    }

    private static Reply reply(TriageStore.Noting noting) {
        return Reply.ok(new JsonObject()
                        .put("id", Long.toString(noting.id()))
                        .put("version", noting.version())
                        .put("assignee", noting.assignee())
                        .put("tags", new JsonArray(noting.tags()))
                        .put("notes", noting.notes()))
                .withVersion(noting.version());
    }

    private Future<Void> record(SqlConnection connection, Call call, String action, JsonObject details) {
        return audit.record(
                connection, new AuditEvent(call.actor(), action, call.id(), null, null, details, call.requestId()));
    }

    private Future<Reply> notes(Call call) {
        return store.find(call.id())
                .map(found -> found.orElseThrow(() -> absent(call)))
                .compose(letter -> store.notes(letter.id()))
                .map(notes -> Reply.ok(Note.list(notes, call.actor())));
    }

    private Future<Reply> add(Call call) {
        var text = Noted.text(call.body().getValue("text"), "/text");
        return store.pool()
                .withTransaction(connection -> locked(connection, call)
                        .compose(letter ->
                                LetterWorkStore.note(connection, List.of(letter.id()), call.actor(), text, null))
                        .compose(noted -> record(connection, call, "noted", new JsonObject().put("text", text)))
                        .compose(recorded -> TriageStore.tell(connection, call.id())))
                .compose(noted -> store.find(call.id()))
                .map(found -> reply(found.orElseThrow(() -> absent(call))));
    }

    private Future<Reply> remove(Call call) {
        long note = Long.parseLong(call.pathParameter("noteId"));
        return store.pool()
                .withTransaction(connection -> store.remove(connection, call.id(), note, call.actor())
                        .compose(removed -> {
                            if (!removed) {
                                throw RefusedException.notFound("You wrote no note " + note + " to this letter");
                            }
                            return record(connection, call, "note-removed", new JsonObject());
                        }))
                .map(removed -> Reply.noContent());
    }
}
