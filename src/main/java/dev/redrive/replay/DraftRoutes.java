package dev.redrive.replay;

import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import dev.redrive.letter.BytesJson;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.transform.EditProgram;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading, saving, comparing and dropping the draft of a letter. Large bodies are parsed on a worker. */
final class DraftRoutes implements Routes {

    private final Vertx vertx;
    private final ReplayPlans plans;
    private final DraftStore store;
    private final Drafts drafts;

    DraftRoutes(Vertx vertx, ReplayPlans plans, DraftStore store, Drafts drafts) {
        this.vertx = vertx;
        this.plans = plans;
        this.store = store;
        this.drafts = drafts;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getDraft").addHandler(Call.answering(this::get));
        routes.getRoute("putDraft").addHandler(Call.answering(this::put));
        routes.getRoute("deleteDraft").addHandler(Call.answering(this::delete));
        routes.getRoute("transformOfDraft").addHandler(Call.answering(this::transform));
        routes.getRoute("diffDraft").addHandler(Call.answering(this::diff));
    }

    private Future<Reply> get(Call call) {
        return current(call).compose(draft -> original(call).map(before -> reply(draft, before.orElse(null))));
    }

    private Future<Draft> current(Call call) {
        return store.current(call.id()).map(found -> found.orElseThrow(() -> Drafts.absent(call.id())));
    }

    private Future<Optional<Content>> original(Call call) {
        return plans.candidate(call.id()).compose(plans::original).map(Optional::ofNullable);
    }

    private Future<Reply> put(Call call) {
        var body = call.body();
        var named = TargetJson.read(body.getJsonObject("target"));
        var target = named == null ? Target.ORIGIN : named;
        return original(call)
                .compose(before -> vertx.executeBlocking(() -> DraftEdit.content(body, before.orElse(null)), false)
                        .compose(content -> drafts.save(
                                call.id(),
                                content,
                                target,
                                body.getString("note"),
                                ReplayRoutes.caller(call),
                                current -> match(call, current)))
                        .map(saved -> {
                            var reply = reply(saved.draft(), before.orElse(null));
                            return saved.created() ? new Reply(201, reply.body(), reply.headers()) : reply;
                        }));
    }

    /** Creating needs {@code If-None-Match: *}, replacing the tag of what is replaced. */
    private static void match(Call call, Optional<Draft> current) {
        var ifNoneMatch = call.header("If-None-Match");
        if (ifNoneMatch != null) {
            if (current.isPresent()) {
                throw stale(current.get());
            }
            return;
        }
        call.requireMatch();
        call.checkMatch(current.map(Draft::version).orElse(0));
    }

    private static RefusedException stale(Draft current) {
        return new RefusedException(
                ProblemCode.PRECONDITION_FAILED,
                "There is a draft already",
                new JsonObject().put("current", Call.etag(current.version())));
    }

    private Future<Reply> delete(Call call) {
        call.requireMatch();
        return drafts.drop(
                        call.id(),
                        ReplayRoutes.caller(call),
                        current -> current.ifPresent(draft -> call.checkMatch(draft.version())))
                .map(dropped -> Reply.noContent());
    }

    private Future<Reply> diff(Call call) {
        return current(call)
                .compose(draft -> original(call)
                        .compose(before -> vertx.executeBlocking(() -> DraftDiff.of(before.orElse(null), draft), false))
                        .map(Reply::ok));
    }

    /** The same edit as a program for other letters. */
    private Future<Reply> transform(Call call) {
        return current(call)
                .compose(draft -> original(call)
                        .compose(before -> vertx.executeBlocking(
                                () -> {
                                    var old = before.orElseGet(() -> new Content(null, null, List.of()));
                                    var made = EditProgram.of(
                                            old.value(), draft.content().value());
                                    var others = DraftDiff.changed(old, draft);
                                    others.remove("value");
                                    return Reply.ok(new JsonObject()
                                            .put("program", made.program())
                                            .put("why", made.why())
                                            .put("leaves", others));
                                },
                                false)));
    }

    private static Reply reply(Draft draft, @Nullable Content before) {
        var content = draft.content();
        return Reply.ok(new JsonObject()
                        .put("letterId", Long.toString(draft.letterId()))
                        .put("version", draft.version())
                        .put("key", whole(content.key()))
                        .put("value", whole(content.value()))
                        .put("headers", headers(content.headers()))
                        .put("target", TargetJson.write(draft.target()))
                        .put("note", draft.note())
                        .put("changed", DraftDiff.changed(before, draft))
                        .put("updatedAt", Times.rfc3339(draft.savedAt()))
                        .put("updatedBy", draft.author()))
                .withVersion(draft.version());
    }

    /** All of it: what is shown cut could not be saved again. */
    private static @Nullable JsonObject whole(@Nullable Buffer bytes) {
        return bytes == null ? null : BytesJson.whole(bytes);
    }

    private static JsonArray headers(List<Header> headers) {
        var all = new JsonArray();
        headers.forEach(
                header -> all.add(new JsonObject().put("name", header.name()).put("value", whole(header.value()))));
        return all;
    }
}
