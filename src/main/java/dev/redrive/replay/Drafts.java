package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.Content;
import dev.redrive.letter.Status;
import dev.redrive.replay.ReplayEvents.Caller;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Saves and drops drafts. The letter is locked meanwhile, so a replay carries either the old draft or the new one. */
final class Drafts {

    private final Pool pool;
    private final ChangeStore changes;

    Drafts(Pool pool) {
        this.pool = pool;
        this.changes = new ChangeStore(new AuditStore(pool));
    }

    /** @param created whether there was none before */
    record Saved(Draft draft, boolean created) {}

    /** @param match throws where the caller has not seen the draft that is there, or the absence of one */
    Future<Saved> save(
            long letterId,
            Content content,
            Target target,
            @Nullable String note,
            Caller caller,
            Consumer<Optional<Draft>> match) {
        var edit = new DraftStore.Edit(letterId, content, target, caller.actor(), note, false);
        return pool.withTransaction(connection -> editable(connection, letterId)
                .map(current -> {
                    match.accept(current);
                    return current.isEmpty();
                })
                .compose(created -> DraftStore.save(connection, edit).map(draft -> new Saved(draft, created)))
                .compose(saved -> said(
                                connection,
                                "draft-saved",
                                letterId,
                                saved.draft().version(),
                                note,
                                caller)
                        .map(saved)));
    }

    Future<Void> drop(long letterId, Caller caller, Consumer<Optional<Draft>> match) {
        return pool.withTransaction(connection -> editable(connection, letterId).compose(current -> {
            match.accept(current);
            var draft = current.orElseThrow(() -> absent(letterId));
            return DraftStore.drop(connection, letterId)
                    .compose(dropped -> said(connection, "draft-dropped", letterId, draft.version(), null, caller));
        }));
    }

    /** What is being replayed, or is done with, is not edited any more. */
    private static Future<Optional<Draft>> editable(SqlConnection connection, long letterId) {
        return ReplayStore.lock(connection, letterId).compose(found -> {
            var letter = found.orElseThrow(() -> RefusedException.notFound("There is no dead letter " + letterId));
            if (letter.status() != Status.OPEN) {
                throw RefusedException.conflict(
                        "The letter is " + letter.status().word(), List.of());
            }
            return DraftStore.current(connection, letterId);
        });
    }

    private Future<Void> said(
            SqlConnection connection, String action, long letterId, int version, @Nullable String note, Caller caller) {
        var event = new AuditEvent(
                caller.actor(),
                action,
                letterId,
                "/api/v1/dead-letters/" + letterId + "/draft",
                note,
                new JsonObject().put("version", version),
                caller.requestId());
        return changes.record(connection, List.of(event));
    }

    static RefusedException absent(long letterId) {
        return new RefusedException(ProblemCode.NOT_FOUND, "Dead letter " + letterId + " has no draft");
    }
}
