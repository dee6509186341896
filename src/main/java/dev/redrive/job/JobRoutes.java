package dev.redrive.job;

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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Orders jobs, shows them and holds them. What a job does is {@link Work}. */
final class JobRoutes implements Routes {

    private static final List<Job.State> UNFINISHED = List.of(Job.State.SCHEDULED, Job.State.RUNNING, Job.State.PAUSED);
    private static final List<Job.State> GOING = List.of(Job.State.SCHEDULED, Job.State.RUNNING);

    private final JobStore store;
    private final SelectionStore selections;
    private final AuditStore audit;
    private final Idempotency idempotency;
    private final Map<String, Work> works;
    private final JobWait wait;
    private final Runnable wake;

    /** @param wake there is something to do */
    JobRoutes(
            JobStore store,
            SelectionStore selections,
            AuditStore audit,
            Idempotency idempotency,
            Map<String, Work> works,
            JobWait wait,
            Runnable wake) {
        this.store = store;
        this.selections = selections;
        this.audit = audit;
        this.idempotency = idempotency;
        this.works = works;
        this.wait = wait;
        this.wake = wake;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("createJob").addHandler(Call.answering(this::create));
        routes.getRoute("listJobs").addHandler(Call.answering(this::list));
        routes.getRoute("getJob").addHandler(Call.answering(this::get));
        routes.getRoute("listJobItems").addHandler(Call.answering(this::items));
        routes.getRoute("undoJob").addHandler(Call.answering(this::undo));
        routes.getRoute("pauseJob").addHandler(Call.answering(call -> move(call, Move.PAUSE)));
        routes.getRoute("resumeJob").addHandler(Call.answering(call -> move(call, Move.RESUME)));
        routes.getRoute("cancelJob").addHandler(Call.answering(call -> move(call, Move.CANCEL)));
    }

    private Future<Reply> create(Call call) {
        var body = call.body();
        var work = works.get(body.getString("type"));
        if (work == null) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/type", "Known are " + String.join(", ", works.keySet()));
        }
        if (!call.caller().permissions().contains(work.permission())) {
            throw new RefusedException(
                    ProblemCode.FORBIDDEN,
                    "A job of type " + work.type() + " needs the permission " + work.permission());
        }
        var options = body.getJsonObject("options", new JsonObject()).copy();
        var start = JobStart.take(options, work.delay());
        var order =
                new JobOrder(UUID.randomUUID(), work.type(), work.options(options), call.actor(), reason(body), null);
        return idempotency
                .once(
                        call,
                        connection -> selected(connection, body)
                                .map(selection -> new JobStore.NewJob(
                                        order, selection.scope(), selection.letters(), selection.exact(), start))
                                .compose(job -> order(connection, job, call)))
                .onSuccess(ordered -> wake.run())
                .compose(reply -> wait.until(call.header("Prefer"), reply));
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
        return store.order(connection, job, call.requestId())
                .compose(ordered -> record(
                                connection,
                                call,
                                ordered,
                                "job-created",
                                ordered.order().reason())
                        .map(recorded -> accepted(ordered)));
    }

    private Future<Void> record(SqlConnection connection, Call call, Job job, String action, @Nullable String reason) {
        return audit.record(
                connection,
                new AuditEvent(
                        call.actor(),
                        action,
                        null,
                        JobJson.pathOf(job.order().id()),
                        reason,
                        JobStore.facts(job),
                        call.requestId()));
    }

    private Reply accepted(Job job) {
        return Reply.accepted(json(job), JobJson.pathOf(job.order().id()));
    }

    private JsonObject json(Job job) {
        var work = works.get(job.order().type());
        return JobJson.of(job, work != null && work.isUndoable());
    }

    private Future<Reply> list(Call call) {
        var states = call.query("state");
        var type = call.query("type");
        var keyset = Keyset.of(call, "jobs " + states + " " + type);
        return store.page(keyset.beforeId(), states, type, keyset.fetch())
                .map(jobs -> Reply.ok(keyset.page(jobs, Job::seq, this::json)));
    }

    private Future<Reply> get(Call call) {
        return found(call).compose(job -> {
            if (call.isKnown(job.version())) {
                return Future.succeededFuture(new Reply(304, null, Map.of()).withVersion(job.version()));
            }
            return wait.until(call.header("Prefer"), Reply.ok(json(job)).withVersion(job.version()));
        });
    }

    private Future<Job> found(Call call) {
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

    /** @param from where the job has to be for it */
    private record Move(String action, List<Job.State> from, Job.State to) {
        static final Move PAUSE = new Move("job-paused", GOING, Job.State.PAUSED);
        static final Move RESUME = new Move("job-resumed", List.of(Job.State.PAUSED), Job.State.RUNNING);
        static final Move CANCEL = new Move("job-cancelled", UNFINISHED, Job.State.CANCELLED);
    }

    /** The same wish twice has the same answer. */
    private Future<Reply> move(Call call, Move move) {
        var reason = call.body().getString("reason");
        return found(call)
                .compose(job -> store.pool()
                        .withTransaction(connection -> store.move(
                                        connection, job.order().id(), move.from(), move.to(), reason)
                                .compose(moved -> moved.isPresent()
                                        ? record(connection, call, moved.get(), move.action(), reason)
                                        : Future.succeededFuture())))
                .compose(moved -> found(call))
                .map(job -> {
                    boolean there =
                            job.state() == move.to() || move == Move.RESUME && job.state() == Job.State.SCHEDULED;
                    if (!there) {
                        throw RefusedException.conflict(
                                "The job is " + job.state().word(), JobJson.actions(job, false));
                    }
                    wake.run();
                    return accepted(job);
                });
    }

    private static String whyNot(Job job, boolean undoable) {
        if (!undoable) {
            return "What a job of type " + job.order().type() + " did cannot be undone";
        }
        if (!job.state().isFinal()) {
            return "The job is " + job.state().word() + "; cancel it first";
        }
        return job.undoneBy() == null ? "The job changed nothing" : "Job " + job.undoneBy() + " undid it already";
    }

    private Future<Reply> undo(Call call) {
        return found(call)
                .compose(job -> {
                    var work = works.get(job.order().type());
                    boolean undoable = work != null && work.isUndoable();
                    return idempotency.once(call, connection -> {
                        if (!JobJson.actions(job, undoable).contains("undo")) {
                            throw RefusedException.conflict(whyNot(job, undoable), JobJson.actions(job, undoable));
                        }
                        var reason = call.body()
                                .getString("reason", "Undo: " + job.order().reason());
                        var order = new JobOrder(
                                UUID.randomUUID(),
                                job.order().type(),
                                job.order().options(),
                                call.actor(),
                                reason.substring(0, Math.min(2_000, reason.length())),
                                job.order().id());
                        return order(
                                connection,
                                new JobStore.NewJob(order, job.scope(), job.done(), true, JobStart.AT_ONCE),
                                call);
                    });
                })
                .onSuccess(ordered -> wake.run())
                .compose(reply -> wait.until(call.header("Prefer"), reply));
    }
}
