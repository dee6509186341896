package dev.redrive.job;

import static java.util.Objects.requireNonNull;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Keyset;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Orders jobs and shows them. What a job does is {@link Work}. */
final class JobRoutes implements Routes {

    private final JobStore store;
    private final SelectionStore selections;
    private final AuditStore audit;
    private final Idempotency idempotency;
    private final Map<String, Work> works;
    private final JobView view;
    private final JobWait wait;
    private final Runnable wake;

    /** @param wake there is something to do */
    JobRoutes(
            JobStore store,
            SelectionStore selections,
            AuditStore audit,
            Idempotency idempotency,
            Map<String, Work> works,
            JobView view,
            JobWait wait,
            Runnable wake) {
        this.store = store;
        this.selections = selections;
        this.audit = audit;
        this.idempotency = idempotency;
        this.works = works;
        this.view = view;
        this.wait = wait;
        this.wake = wake;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("createJob").addHandler(Call.answering(this::create));
        routes.getRoute("listJobs").addHandler(Call.answering(this::list));
        routes.getRoute("getJob").addHandler(Call.answering(this::get));
        routes.getRoute("listJobItems").addHandler(Call.answering(this::items));
    }

    private Future<Reply> create(Call call) {
        var body = call.body();
        var work = works.get(body.getString("type"));
        if (work == null) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/type", "Known are " + String.join(", ", works.keySet()));
        }
        allow(call, work, work.permission());
        var options = body.getJsonObject("options", new JsonObject()).copy();
        var start = JobStart.take(options, work.delay());
        var order =
                new JobOrder(UUID.randomUUID(), work.type(), work.options(options), call.actor(), reason(body), null);
        allow(call, work, work.permission(order.options()));
        return work.check(order.options())
                .compose(checked -> idempotency.once(
                        call,
                        connection -> selected(connection, body)
                                .map(selection -> new JobStore.NewJob(
                                        order, selection.scope(), selection.letters(), selection.exact(), start))
                                .compose(job -> order(connection, job, call))))
                .onSuccess(ordered -> wake.run())
                .compose(reply -> wait.until(call.header("Prefer"), reply));
    }

    static void allow(Call call, Work work, String permission) {
        if (!call.caller().permissions().contains(permission)) {
            throw new RefusedException(
                    ProblemCode.FORBIDDEN, "This job of type " + work.type() + " needs the permission " + permission);
        }
    }

    private static String reason(JsonObject body) {
        var reason = body.getString("reason", "").strip();
        if (reason.isEmpty()) {
            throw RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, "/reason", "Say why");
        }
        return reason;
    }

    /** Counts again, because somebody who expected 50 letters did not mean what 49 of them are by now. */
    private Future<SelectionStore.Selection> selected(SqlConnection connection, JsonObject body) {
        var id = UUID.fromString(body.getString("selectionId"));
        long expected = body.getLong("expectedCount");
        return selections
                .find(connection, id)
                .map(found -> SelectionRoutes.current(found, id))
                .compose(selection -> counted(connection, selection).map(tally -> {
                    if (tally.letters() != expected) {
                        throw new RefusedException(
                                ProblemCode.SELECTION_CHANGED,
                                "There are %,d letters and not %,d".formatted(tally.letters(), expected),
                                new JsonObject().put("count", JobJson.count(tally.letters(), tally.isExact())));
                    }
                    return selection;
                }));
    }

    /** What could not be counted to the end would come out as another number each time. */
    private static Future<Tally> counted(SqlConnection connection, SelectionStore.Selection selection) {
        return selection.exact()
                ? SelectionStore.count(connection, selection.scope())
                : Future.succeededFuture(Tally.atLeast(selection.letters()));
    }

    private Future<Reply> order(SqlConnection connection, JobStore.NewJob job, Call call) {
        return ordered(store, audit, view, connection, job, call);
    }

    /** In the transaction that also keeps the answer for whoever asks again with the same key. */
    static Future<Reply> ordered(
            JobStore store, AuditStore audit, JobView view, SqlConnection connection, JobStore.NewJob job, Call call) {
        return store.order(connection, job, call.requestId())
                .compose(ordered -> audit.record(
                                connection,
                                event(
                                        call,
                                        ordered,
                                        "job-created",
                                        ordered.order().reason()))
                        .compose(recorded -> view.of(ordered))
                        .map(json -> Reply.accepted(
                                json, JobJson.pathOf(ordered.order().id()))));
    }

    static AuditEvent event(Call call, Job job, String action, @Nullable String reason) {
        return new AuditEvent(
                call.actor(),
                action,
                null,
                JobJson.pathOf(job.order().id()),
                reason,
                JobStore.facts(job),
                call.requestId());
    }

    private Future<Reply> list(Call call) {
        var states = call.query("state");
        var type = call.query("type");
        var keyset = Keyset.of(call, "jobs " + states + " " + type);
        var key = call.query("idempotencyKey");
        if (key != null) {
            return ordered(call, key, keyset);
        }
        return store.page(keyset.beforeId(), states, type, keyset.fetch())
                .compose(jobs -> view.of(jobs)
                        .map(seen -> Reply.ok(keyset.page(
                                jobs,
                                Job::seq,
                                job -> requireNonNull(seen.get(job.order().id()))))));
    }

    /** For whoever lost the answer to an order: a selection made again is another body, which its key refuses. */
    private Future<Reply> ordered(Call call, String key, Keyset keyset) {
        return idempotency
                .first(call.actor(), "POST", call.path(), key)
                .compose(reply -> reply.isEmpty()
                        ? Future.succeededFuture(Optional.<Job>empty())
                        : store.find(UUID.fromString(
                                requireNonNull(reply.get().body()).getString("id"))))
                .map(Optional::stream)
                .map(Stream::toList)
                .compose(jobs -> view.of(jobs)
                        .map(seen -> Reply.ok(keyset.page(
                                jobs,
                                Job::seq,
                                job -> requireNonNull(seen.get(job.order().id()))))));
    }

    private Future<Reply> get(Call call) {
        return found(call).compose(job -> {
            if (call.isKnown(job.version())) {
                return Future.succeededFuture(new Reply(304, null, Map.of()).withVersion(job.version()));
            }
            return view.of(job)
                    .compose(json ->
                            wait.until(call.header("Prefer"), Reply.ok(json).withVersion(job.version())));
        });
    }

    private Future<Job> found(Call call) {
        return found(store, call);
    }

    static Future<Job> found(JobStore store, Call call) {
        var id = UUID.fromString(call.pathParameter("id"));
        return store.find(id).map(job -> job.orElseThrow(() -> RefusedException.notFound("There is no job " + id)));
    }

    private Future<Reply> items(Call call) {
        var result = call.query("result");
        return found(call).compose(job -> {
            var keyset = Keyset.of(call, "job-items " + job.order().id() + " " + result);
            return store.items(job.order().id(), keyset.beforeId(), result, keyset.fetch())
                    .map(items -> Reply.ok(keyset.page(items, JobStore.Item::letterId, JobJson::of)));
        });
    }
}
