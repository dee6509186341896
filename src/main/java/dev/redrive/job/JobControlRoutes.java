package dev.redrive.job;

import dev.redrive.audit.AuditEvent;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Holds jobs, lets them go on, ends them, takes back what they did, and changes how they do it. */
final class JobControlRoutes implements Routes {

    private static final List<Job.State> UNFINISHED = List.of(Job.State.SCHEDULED, Job.State.RUNNING, Job.State.PAUSED);
    private static final List<Job.State> GOING = List.of(Job.State.SCHEDULED, Job.State.RUNNING);

    private final OrderDesk desk;

    JobControlRoutes(OrderDesk desk) {
        this.desk = desk;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("patchJob").addHandler(Call.answering(this::patch));
        routes.getRoute("undoJob").addHandler(Call.answering(this::undo));
        routes.getRoute("pauseJob").addHandler(Call.answering(call -> move(call, Move.PAUSE)));
        routes.getRoute("resumeJob").addHandler(Call.answering(call -> move(call, Move.RESUME)));
        routes.getRoute("cancelJob").addHandler(Call.answering(call -> move(call, Move.CANCEL)));
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
        return desk.found(call)
                .compose(job -> desk.store()
                        .pool()
                        .withTransaction(connection -> desk.store()
                                .move(connection, job.order().id(), move.from(), move.to(), reason, goesOn(job))
                                .compose(moved -> moved.isPresent()
                                        ? moved(connection, call, moved.get(), move, reason)
                                                .map(true)
                                        : Future.succeededFuture(false))))
                .compose(moved -> desk.found(call).compose(job -> moved(moved, job, move)));
    }

    /** @param moved by this call; then it may be further already */
    private Future<Reply> moved(boolean moved, Job job, Move move) {
        boolean there = moved || job.state() == move.to() || move == Move.RESUME && job.state() == Job.State.SCHEDULED;
        if (!there) {
            throw RefusedException.conflict("The job is " + job.state().word(), JobJson.actions(job, false, false));
        }
        desk.wake().run();
        return desk.view()
                .of(job)
                .map(json -> Reply.accepted(json, JobJson.pathOf(job.order().id())));
    }

    private Future<Void> moved(SqlConnection connection, Call call, Job job, Move move, @Nullable String reason) {
        var work = desk.workOf(job);
        return desk.record(connection, call, job, move.action(), reason).compose(recorded -> {
            if (work == null || move == Move.CANCEL) {
                return Future.succeededFuture();
            }
            return move == Move.PAUSE ? work.paused(connection, job.order()) : work.resumed(connection, job.order());
        });
    }

    private boolean goesOn(Job job) {
        var work = desk.workOf(job);
        return work != null && work.goesOn() && job.order().undoes() == null;
    }

    /** Other options for a job under way, such as its rate. */
    private Future<Reply> patch(Call call) {
        call.requireMatch();
        var wish = call.body().getJsonObject("options");
        return desk.store()
                .pool()
                .withTransaction(connection -> JobStore.hold(connection, desk.id(call))
                        .compose(found -> change(connection, call, desk.there(call, found), wish)))
                .compose(done -> desk.found(call))
                .compose(job -> {
                    desk.wake().run();
                    return desk.view().of(job).map(json -> Reply.ok(json).withVersion(job.version()));
                });
    }

    /** @param job held, because whoever changes another option at the same time starts from what this one leaves */
    private Future<Void> change(SqlConnection connection, Call call, Job job, JsonObject wish) {
        call.checkMatch(job.version());
        var options = changed(job, wish);
        return desk.store()
                .change(connection, job.order().id(), options)
                .map(found -> found.orElseThrow(() -> RefusedException.conflict(
                        "The job is " + job.state().word(), JobJson.actions(job, false, false))))
                .compose(now -> desk.audit()
                        .record(
                                connection,
                                new AuditEvent(
                                        call.actor(),
                                        "job-changed",
                                        null,
                                        JobJson.pathOf(job.order().id()),
                                        null,
                                        new JsonObject()
                                                .put("before", job.order().options())
                                                .put("after", options),
                                        call.requestId())));
    }

    private JsonObject changed(Job job, JsonObject wish) {
        var work = desk.workOf(job);
        var options = job.order().options().copy();
        for (var name : wish.fieldNames()) {
            if (work == null || !work.changeable().contains(name)) {
                throw RefusedException.invalidField(
                        ProblemCode.VALIDATION_FAILED, "/options/" + name, "Cannot be changed while the job runs");
            }
            options.put(name, wish.getValue(name));
        }
        return work == null ? options : work.options(options);
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
        return desk.found(call)
                .compose(job -> {
                    boolean undoable = desk.view().isUndoable(job);
                    return desk.idempotency().once(call, connection -> {
                        if (!JobJson.actions(job, undoable, false).contains("undo")) {
                            throw RefusedException.conflict(
                                    whyNot(job, undoable), JobJson.actions(job, undoable, false));
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
                        var undo = new JobStore.NewJob(order, job.scope(), job.done(), true, JobStart.AT_ONCE);
                        return desk.order(connection, undo, call);
                    });
                })
                .compose(reply -> desk.begin(call, reply));
    }
}
