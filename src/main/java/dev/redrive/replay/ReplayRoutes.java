package dev.redrive.replay;

import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.replay.ReplayEvents.Caller;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asking for a replay, looking at it, undoing it, and deciding an uncertain one. */
final class ReplayRoutes implements Routes {

    private final Replays replays;
    private final ReplayStore store;
    private final Idempotency idempotency;
    private final ReplayWait wait;

    ReplayRoutes(Replays replays, ReplayStore store, Idempotency idempotency, ReplayWait wait) {
        this.replays = replays;
        this.store = store;
        this.idempotency = idempotency;
        this.wait = wait;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("replayDeadLetter").addHandler(Call.answering(this::replay));
        routes.getRoute("listReplays").addHandler(Call.answering(this::list));
        routes.getRoute("getReplay").addHandler(Call.answering(this::get));
        routes.getRoute("cancelReplay").addHandler(Call.answering(this::cancel));
        routes.getRoute("decideReplay").addHandler(Call.answering(this::decide));
    }

    /**
     * The plan is made outside of the transaction, because it waits for Kafka; what it refuses is only said inside, so
     * that a repeated request gets its first answer even if it would be refused today.
     */
    private Future<Reply> replay(Call call) {
        var ask = ask(call);
        return replays.plans()
                .plan(ask)
                .transform(plan -> idempotency.once(
                        call,
                        connection -> plan.failed()
                                ? Future.failedFuture(plan.cause())
                                : replays.accept(connection, ask, plan.result(), caller(call))
                                        .map(ReplayRoutes::accepted)))
                .compose(reply -> wait.until(settled(call), reply));
    }

    private static Reply accepted(Replay replay) {
        return Reply.accepted(ReplayJson.of(replay), ReplayEvents.pathOf(replay.id()));
    }

    private static Duration settled(Call call) {
        return ReplayWait.asked(call.header("Prefer"));
    }

    private static ReplayAsk ask(Call call) {
        var body = call.body();
        return new ReplayAsk(
                call.id(),
                version(call.header("If-Match")),
                Source.of(body.getString("source")),
                body.getInteger("draftVersion"),
                TargetJson.read(body.getJsonObject("target")),
                overrides(body),
                Duration.parse(body.getString("delay", "PT0S")),
                body.getString("reason"),
                body.getString("proof", "any").equals("strict"));
    }

    private static Set<String> overrides(JsonObject body) {
        return body.getJsonArray("overrides", new JsonArray()).stream()
                .map(String::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @return null where the caller does not say which version it saw, or says any */
    private static @Nullable Integer version(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        var digits = ifMatch.replaceAll("[^0-9]", "");
        if (digits.isEmpty() || digits.length() > 9) {
            throw new RefusedException(ProblemCode.PRECONDITION_FAILED, "If-Match is no ETag of this letter");
        }
        return Integer.valueOf(digits);
    }

    static Caller caller(Call call) {
        return new Caller(call.actor(), call.requestId());
    }

    private Future<Reply> list(Call call) {
        return replays.plans()
                .candidate(call.id())
                .compose(letter -> store.ofLetter(letter.id()))
                .map(found -> Reply.ok(new JsonObject()
                        .put(
                                "items",
                                new JsonArray(found.stream().map(ReplayJson::of).toList()))));
    }

    private Future<Reply> get(Call call) {
        return found(call).map(replay -> Reply.ok(ReplayJson.of(replay)));
    }

    private Future<Replay> found(Call call) {
        var id = UUID.fromString(call.pathParameter("id"));
        return store.find(id)
                .map(replay -> replay.orElseThrow(() -> RefusedException.notFound("There is no replay " + id)));
    }

    private Future<Reply> cancel(Call call) {
        return found(call)
                .compose(replay ->
                        store.pool().withTransaction(connection -> replays.cancel(connection, replay, caller(call))))
                .map(cancelled -> Reply.noContent());
    }

    private Future<Reply> decide(Call call) {
        boolean sent = call.body().getString("decision").equals("sent");
        return found(call)
                .compose(replay -> idempotency.once(
                        call,
                        connection -> replays.decide(
                                        connection, replay, sent, call.body().getString("reason"), caller(call))
                                .compose(decided -> ReplayStore.find(connection, replay.id()))
                                .map(now -> Reply.ok(ReplayJson.of(now.orElseThrow())))));
    }
}
