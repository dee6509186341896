package dev.redrive.job;

import dev.redrive.audit.AuditEvent;
import dev.redrive.http.Call;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;

/** Leaves what is left of a failure group out of a job that is held because of it, and lets the others go on. */
final class ExclusionRoutes implements Routes {

    private final OrderDesk desk;

    ExclusionRoutes(OrderDesk desk) {
        this.desk = desk;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listJobGroups").addHandler(Call.answering(this::groups));
        routes.getRoute("excludeGroup").addHandler(Call.answering(this::exclude));
    }

    private Future<Reply> groups(Call call) {
        return desk.found(call)
                .compose(job -> excluding(job)
                        .map(work ->
                                work.troubles(desk.store().pool(), job.order().id()))
                        .orElseGet(() -> Future.succeededFuture(new JsonArray())))
                .map(groups -> Reply.ok(new JsonObject().put("items", groups)));
    }

    private Optional<Work> excluding(Job job) {
        return Optional.ofNullable(desk.workOf(job))
                .filter(work -> work.excludes() && job.order().undoes() == null);
    }

    private Future<Reply> exclude(Call call) {
        return desk.found(call)
                .compose(job -> desk.idempotency()
                        .once(
                                call,
                                connection -> JobStore.hold(connection, desk.id(call))
                                        .compose(held -> exclude(connection, call, desk.there(call, held)))))
                .onSuccess(reply -> desk.wake().run());
    }

    /** @param job held, so that of two who look at the same one the second finds that it goes on */
    private Future<Reply> exclude(SqlConnection connection, Call call, Job job) {
        var work = excluding(job)
                .orElseThrow(
                        () -> RefusedException.conflict("A job of this type leaves out no failure group", List.of()));
        if (job.state() != Job.State.PAUSED) {
            throw RefusedException.conflict(
                    "The job is " + job.state().word() + "; a failure group is left out of one that is held",
                    JobJson.actions(job, false, false));
        }
        var group = call.body().getString("failureGroupId");
        var reason = call.body().getString("reason");
        return work.exclude(connection, job.order(), Long.parseLong(group), call.actor())
                .compose(excluded -> desk.store()
                        .move(connection, job.order().id(), List.of(Job.State.PAUSED), Job.State.RUNNING, reason, true))
                .compose(moved -> work.resumed(connection, job.order()).map(moved.orElse(job)))
                .compose(going -> desk.audit()
                        .record(
                                connection,
                                new AuditEvent(
                                        call.actor(),
                                        "job-group-excluded",
                                        null,
                                        JobJson.pathOf(job.order().id()),
                                        reason,
                                        JobStore.facts(going).put("failureGroupId", group),
                                        call.requestId()))
                        .compose(recorded -> desk.view().of(connection, going)))
                .map(json -> Reply.accepted(json, JobJson.pathOf(job.order().id())));
    }
}
