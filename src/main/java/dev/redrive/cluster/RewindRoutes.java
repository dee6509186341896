package dev.redrive.cluster;

import static java.util.Objects.requireNonNull;

import dev.redrive.Failpoint;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.filter.FilterParser;
import dev.redrive.filter.FilterText;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import dev.redrive.job.JobOrders;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Orders the job that reads a dead-letter topic again, or says what it would read. */
final class RewindRoutes implements Routes {

    private final TopicClusters clusters;
    private final RewindStore store;
    private final RewindPlanner planner;
    private final Idempotency idempotency;
    private final AuditStore audit;
    private final JobOrders orders;

    RewindRoutes(
            TopicClusters clusters, RewindStore store, Idempotency idempotency, AuditStore audit, JobOrders orders) {
        this.clusters = clusters;
        this.store = store;
        this.planner = new RewindPlanner(store);
        this.idempotency = idempotency;
        this.audit = audit;
        this.orders = orders;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("rewindTopic").addHandler(Call.answering(this::rewind));
    }

    private Future<Reply> rewind(Call call) {
        var topic = call.pathParameter("name");
        var cluster = clusters.named(call.query("cluster"));
        var from = from(call.body());
        if (call.body().getBoolean("dryRun", false)) {
            return refuseOpen(call, cluster.settings().name())
                    .compose(free -> planner.plan(cluster, topic, from))
                    .compose(plan -> store.known(plan).map(known -> Reply.ok(plan.toJson(known))));
        }
        // Who asks again with a key gets the same job, though by then nothing may be left to plan. Kafka is asked
        // before,
        // so that no transaction waits for it.
        return planner.plan(cluster, topic, from)
                .transform(planned -> idempotency.once(
                        call,
                        connection -> order(call, connection, cluster.settings().name(), planned)))
                .compose(ordered -> orders.begin(call, ordered));
    }

    private Future<Void> refuseOpen(Call call, String cluster) {
        return store.open(store.pool(), cluster, call.pathParameter("name")).map(open -> {
            open.ifPresent(RewindRoutes::refuse);
            return null;
        });
    }

    private static void refuse(UUID open) {
        throw RefusedException.conflict(
                "Job " + open + " reads the topic again already; wait for its end or cancel it", List.of());
    }

    private Future<Reply> order(Call call, SqlConnection connection, String cluster, AsyncResult<Rewind> planned) {
        var topic = call.pathParameter("name");
        return store.open(connection, cluster, topic).compose(open -> {
            open.ifPresent(RewindRoutes::refuse);
            return planned.succeeded()
                    ? store.goBack(connection, planned.result())
                            .map(RewindPlanner::orRefused)
                            .compose(gone -> order(call, connection, gone))
                    : Future.failedFuture(planned.cause());
        });
    }

    /** @param gone holds the positions, which are back by now */
    private Future<Reply> order(Call call, SqlConnection connection, Rewind gone) {
        Failpoint.pass("rewind.went-back");
        var wanted = new JobOrders.Wanted(
                RewindWork.TYPE,
                options(call.body(), gone),
                FilterText.of(FilterParser.parseStored("topic:\"" + gone.topic() + "\"")),
                call.body().getString("reason"),
                gone.records(),
                true);
        return orders.order(connection, call, wanted).compose(ordered -> {
            var job = UUID.fromString(requireNonNull(ordered.body()).getString("id"));
            return store.begin(connection, job, gone)
                    .compose(begun -> {
                        if (!begun) {
                            throw RefusedException.conflict("Another job reads the topic again already", List.of());
                        }
                        return audit.record(connection, event(call, gone, job));
                    })
                    .compose(recorded -> RewindJobStore.progress(connection, List.of(job)))
                    .map(found -> withProgress(ordered, requireNonNull(found.get(job))));
        });
    }

    private static Reply withProgress(Reply ordered, RewindProgress progress) {
        var body = requireNonNull(ordered.body()).copy().mergeIn(progress.toJson(), true);
        return new Reply(ordered.status(), body, ordered.headers());
    }

    /** What was asked for, as the job shows it. */
    private static JsonObject options(JsonObject body, Rewind gone) {
        var options = new JsonObject().put("topic", gone.topic()).put("cluster", gone.cluster());
        for (var name : List.of("partition", "fromOffset", "fromTime")) {
            if (body.getValue(name) != null) {
                options.put(name, body.getValue(name));
            }
        }
        return options;
    }

    private static AuditEvent event(Call call, Rewind gone, UUID job) {
        return new AuditEvent(
                call.actor(),
                "topic-rewound",
                null,
                "/api/v1/topics/" + gone.topic(),
                call.body().getString("reason"),
                gone.facts().put("job", job.toString()),
                call.requestId());
    }

    private static RewindPlanner.From from(JsonObject body) {
        var offset = body.getString("fromOffset");
        var time = body.getString("fromTime");
        var partition = body.getInteger("partition");
        if ((offset == null) == (time == null)) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/fromOffset", "Give either fromOffset or fromTime");
        }
        if (offset != null && partition == null) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/partition", "An offset is one of a partition; name it");
        }
        return new RewindPlanner.From(
                partition == null ? OptionalLong.empty() : OptionalLong.of(partition),
                offset == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(offset)),
                time == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(instant(time).toEpochMilli()));
    }

    private static Instant instant(String time) {
        try {
            return Times.read(time).toInstant();
        } catch (DateTimeException noTime) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/fromTime", "An RFC 3339 time, such as 2026-11-23T03:00:00Z");
        }
    }
}
