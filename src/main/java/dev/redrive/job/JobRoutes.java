package dev.redrive.job;

import static java.util.Objects.requireNonNull;

import dev.redrive.http.Call;
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

/** Orders jobs and shows them. What a job does is {@link Work}. */
final class JobRoutes implements Routes {

    private final OrderDesk desk;
    private final SelectionStore selections;

    JobRoutes(OrderDesk desk, SelectionStore selections) {
        this.desk = desk;
        this.selections = selections;
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
        var work = desk.works().get(body.getString("type"));
        if (work == null) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED,
                    "/type",
                    "Known are " + String.join(", ", desk.works().keySet()));
        }
        OrderDesk.allow(call, work, work.permission());
        var options = body.getJsonObject("options", new JsonObject()).copy();
        var start = JobStart.take(options, work.delay());
        var order =
                new JobOrder(UUID.randomUUID(), work.type(), work.options(options), call.actor(), reason(body), null);
        OrderDesk.allow(call, work, work.permission(order.options()));
        return work.check(order.options())
                .compose(checked -> desk.idempotency()
                        .once(
                                call,
                                connection -> selected(connection, body)
                                        .map(selection -> new JobStore.NewJob(
                                                order,
                                                selection.scope(),
                                                selection.letters(),
                                                selection.exact(),
                                                start))
                                        .compose(job -> desk.order(connection, job, call))))
                .compose(reply -> desk.begin(call, reply));
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

    private Future<Reply> list(Call call) {
        var states = call.query("state");
        var type = call.query("type");
        var keyset = Keyset.of(call, "jobs " + states + " " + type);
        var key = call.query("idempotencyKey");
        if (key != null) {
            return ordered(call, key, keyset);
        }
        return desk.store()
                .page(keyset.beforeId(), states, type, keyset.fetch())
                .compose(jobs -> desk.view()
                        .of(jobs)
                        .map(seen -> Reply.ok(keyset.page(
                                jobs,
                                Job::seq,
                                job -> requireNonNull(seen.get(job.order().id()))))));
    }

    /** For whoever lost the answer to an order: a selection made again is another body, which its key refuses. */
    private Future<Reply> ordered(Call call, String key, Keyset keyset) {
        return desk.idempotency()
                .first(call.actor(), "POST", call.path(), key)
                .compose(reply -> reply.isEmpty()
                        ? Future.succeededFuture(Optional.<Job>empty())
                        : desk.store()
                                .find(UUID.fromString(
                                        requireNonNull(reply.get().body()).getString("id"))))
                .map(Optional::stream)
                .map(Stream::toList)
                .compose(jobs -> desk.view()
                        .of(jobs)
                        .map(seen -> Reply.ok(keyset.page(
                                jobs,
                                Job::seq,
                                job -> requireNonNull(seen.get(job.order().id()))))));
    }

    private Future<Reply> get(Call call) {
        return desk.found(call)
                .compose(job -> desk.view()
                        .of(job)
                        .compose(json -> desk.waiting()
                                .until(call.header("Prefer"), Reply.ok(json).withVersion(job.version()))))
                .map(reply -> tagged(call, reply));
    }

    /** Counters and outcomes go on without a new version, which is for who changes the job. */
    private static Reply tagged(Call call, Reply reply) {
        var shown = requireNonNull(reply.body());
        var etag = Call.etag(shown.getInteger("version"), shown);
        return (call.isKnown(etag) ? new Reply(304, null, Map.of()) : reply).with("ETag", etag);
    }

    private Future<Reply> items(Call call) {
        var result = call.query("result");
        return desk.found(call).compose(job -> {
            var keyset = Keyset.of(call, "job-items " + job.order().id() + " " + result);
            return desk.store()
                    .items(job.order().id(), keyset.beforeId(), result, keyset.fetch())
                    .map(items -> Reply.ok(keyset.page(items, JobStore.Item::letterId, JobJson::of)));
        });
    }
}
