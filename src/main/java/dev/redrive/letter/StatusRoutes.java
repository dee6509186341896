package dev.redrive.letter;

import dev.redrive.http.Call;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;

/**
 * Discard and restore. The state, the counters of the failure group and the audit row are one transaction, and the
 * letter is locked first, so that of two people one is told that the other was faster.
 */
public final class StatusRoutes implements Routes {

    private final LetterStore store;
    private final ChangeLog log;

    public StatusRoutes(LetterStore store, ChangeLog log) {
        this.store = store;
        this.log = log;
    }

    /** @param undo the path segment of the opposite act */
    private record Act(String action, Status from, Status to, String undo) {}

    private static final Act DISCARD = new Act("discarded", Status.OPEN, Status.DISCARDED, "restores");
    private static final Act RESTORE = new Act("restored", Status.DISCARDED, Status.OPEN, "discards");

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("discardDeadLetter").addHandler(Call.answering(call -> change(call, DISCARD)));
        routes.getRoute("restoreDeadLetter").addHandler(Call.answering(call -> change(call, RESTORE)));
    }

    private Future<Reply> change(Call call, Act act) {
        return store.pool()
                .withTransaction(connection -> store.lock(connection, call.id())
                        .map(found -> found.orElseThrow(() -> LetterRoutes.absent(call)))
                        .compose(state -> change(connection, call, act, state)));
    }

    private Future<Reply> change(SqlConnection connection, Call call, Act act, LetterStore.State state) {
        call.checkMatch(state.version());
        if (state.status() != act.from()) {
            throw conflict(state);
        }
        var change = new ChangeLog.Change(
                state.id(), act.action(), call.actor(), call.body().getString("reason"), call.requestId());
        return store.change(connection, state.id(), act.from(), act.to())
                .map(changed -> changed.orElseThrow(() -> conflict(state)))
                .compose(changed -> log.changed(connection, change).map(logged -> reply(changed, act)));
    }

    private static RefusedException conflict(LetterStore.State state) {
        return RefusedException.conflict("The letter is " + state.status().word(), Actions.of(state.status()));
    }

    private static Reply reply(LetterStore.State state, Act act) {
        var undo = new JsonObject()
                .put("method", "POST")
                .put("href", "/api/v1/dead-letters/" + state.id() + "/" + act.undo());
        return Reply.ok(new JsonObject()
                        .put("id", Long.toString(state.id()))
                        .put("version", state.version())
                        .put("status", state.status().word())
                        .put("changedAt", Times.rfc3339(state.changedAt()))
                        .put("allowedActions", new JsonArray(Actions.of(state.status())))
                        .put("undo", undo))
                .withVersion(state.version());
    }
}
