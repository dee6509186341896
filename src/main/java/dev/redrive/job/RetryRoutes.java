package dev.redrive.job;

import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Takes up letters of a job again with another one: those that failed, or those that came back. */
final class RetryRoutes implements Routes {

    private static final int LONGEST_REASON = 2_000;

    private final OrderDesk desk;

    RetryRoutes(OrderDesk desk) {
        this.desk = desk;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("retryJob").addHandler(Call.answering(this::retry));
    }

    private Future<Reply> retry(Call call) {
        return desk.found(call)
                .compose(job -> {
                    var work = allowed(call, job);
                    var results = results(call.body(), work);
                    var options = job.order()
                            .options()
                            .copy()
                            .mergeIn(call.body().getJsonObject("options", new JsonObject()));
                    var start = JobStart.take(options, work.delay());
                    var order = new JobOrder(
                            UUID.randomUUID(),
                            work.type(),
                            work.options(options),
                            call.actor(),
                            reason(call.body(), job),
                            null,
                            new JobOrder.Retry(job.order().id(), results));
                    OrderDesk.allow(call, work, work.permission(order.options()));
                    return work.check(order.options())
                            .compose(checked -> desk.idempotency()
                                    .once(call, connection -> order(connection, call, job, work, order, start)));
                })
                .compose(reply -> desk.begin(call, reply));
    }

    private Work allowed(Call call, Job job) {
        var work = desk.workOf(job);
        if (work == null || desk.view().retries(job).isEmpty()) {
            throw RefusedException.conflict("A job of this type is not tried again", List.of());
        }
        OrderDesk.allow(call, work, work.permission());
        return work;
    }

    private static Set<String> results(JsonObject body, Work work) {
        var results = new LinkedHashSet<String>();
        body.getJsonArray("results", new JsonArray(work.retries().subList(0, 1)))
                .forEach(each -> results.add(String.valueOf(each)));
        if (results.isEmpty() || !work.retries().containsAll(results)) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/results", "Known are " + String.join(", ", work.retries()));
        }
        return results;
    }

    /** That of the first job, where nobody says another one. */
    private static String reason(JsonObject body, Job job) {
        var given = body.getString("reason");
        var reason = given == null || given.isBlank() ? job.order().reason() : given.strip();
        return reason.substring(0, Math.min(LONGEST_REASON, reason.length()));
    }

    private Future<Reply> order(
            SqlConnection connection, Call call, Job job, Work work, JobOrder order, JobStart start) {
        if (!JobJson.isOver(job)) {
            throw RefusedException.conflict(
                    "The job is " + job.state().word() + "; what becomes of its letters is not known yet",
                    JobJson.actions(job, false, false));
        }
        return JobOrders.now(connection, "job:" + job.order().id(), order.actor())
                .compose(scope -> work.retried(connection, order).compose(letters -> {
                    if (letters == 0) {
                        throw RefusedException.conflict("The job has no such letters", List.of());
                    }
                    var retry = new JobStore.NewJob(order, scope, letters, true, start);
                    return desk.order(connection, retry, call);
                }));
    }
}
