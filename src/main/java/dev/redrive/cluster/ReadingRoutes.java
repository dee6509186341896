package dev.redrive.cluster;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a topic is read, whatever its name says, and from where it is read again. */
final class ReadingRoutes implements Routes {

    private final TopicClusters clusters;
    private final ReadingStore store;
    private final RewindPlanner planner;
    private final Idempotency idempotency;
    private final AuditStore audit;

    ReadingRoutes(TopicClusters clusters, ReadingStore store, Idempotency idempotency, AuditStore audit) {
        this.clusters = clusters;
        this.store = store;
        this.planner = new RewindPlanner(store);
        this.idempotency = idempotency;
        this.audit = audit;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("decideReading").addHandler(Call.answering(this::decide));
        routes.getRoute("rewindTopic").addHandler(Call.answering(this::rewind));
    }

    private Future<Reply> decide(Call call) {
        var topic = call.pathParameter("name");
        var cluster = clusters.named(call.query("cluster"));
        var decision = call.body().getString("decision");
        if (decision.equals("include")) {
            refuseIncluding(cluster, topic);
        }
        return cluster.names().recover(TopicClusters::orUnavailable).compose(names -> {
            if (decision.equals("include") && !names.contains(topic)) {
                throw RefusedException.notFound("There is no topic " + topic + ", or Redrive may not see it");
            }
            return idempotency.once(call, connection -> decide(call, connection, cluster, topic, decision));
        });
    }

    private static void refuseIncluding(TopicCluster cluster, String topic) {
        boolean excluded = cluster.settings().exclude().stream()
                .anyMatch(pattern -> pattern.matcher(topic).matches());
        if (excluded || topic.startsWith("__")) {
            throw new RefusedException(
                    ProblemCode.UNPROCESSABLE,
                    excluded
                            ? "REDRIVE_TOPICS_EXCLUDE excludes " + topic
                                    + ", and the settings are stronger than the desk"
                            : "Topics that begin with __ are internal and hold no letters");
        }
    }

    private Future<Reply> decide(
            Call call, SqlConnection connection, TopicCluster cluster, String topic, String decision) {
        var name = cluster.settings().name();
        var reason = call.body().getString("reason");
        var stored = decision.equals("by-name") ? null : decision;
        return store.decide(connection, name, topic, stored, call.actor(), reason)
                .compose(decided -> {
                    if (decided.isEmpty()) {
                        throw RefusedException.notFound("Nothing of cluster " + name + " was read yet");
                    }
                    var details = new JsonObject().put("cluster", name).put("decision", decision);
                    return audit.record(connection, event(call, "reading-decided", topic, reason, details))
                            .map(recorded -> Reply.ok(new JsonObject()
                                    .put("name", topic)
                                    .put("cluster", name)
                                    .put("reading", TopicJson.reading(decided.get()))));
                });
    }

    private Future<Reply> rewind(Call call) {
        var body = call.body();
        var topic = call.pathParameter("name");
        return planner.plan(clusters.named(call.query("cluster")), topic, from(body))
                .compose(plan -> body.getBoolean("dryRun", false)
                        ? Future.succeededFuture(Reply.ok(plan.toJson()))
                        : idempotency.once(call, connection -> rewind(call, connection, plan)));
    }

    private Future<Reply> rewind(Call call, SqlConnection connection, Rewind plan) {
        var reason = call.body().getString("reason");
        return store.rewind(connection, plan.topicRef(), plan.steps())
                .compose(done ->
                        audit.record(connection, event(call, "topic-rewound", plan.topic(), reason, plan.toJson())))
                .map(recorded -> Reply.ok(plan.toJson()));
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

    private static AuditEvent event(
            Call call, String action, String topic, @Nullable String reason, JsonObject details) {
        return new AuditEvent(call.actor(), action, null, "/api/v1/topics/" + topic, reason, details, call.requestId());
    }
}
