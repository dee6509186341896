package dev.redrive.cluster;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.SqlConnection;
import org.jspecify.annotations.Nullable;

/** Whether a topic is read, whatever its name says. */
final class ReadingRoutes implements Routes {

    private final TopicClusters clusters;
    private final ReadingStore store;
    private final Idempotency idempotency;
    private final AuditStore audit;

    ReadingRoutes(TopicClusters clusters, ReadingStore store, Idempotency idempotency, AuditStore audit) {
        this.clusters = clusters;
        this.store = store;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("decideReading").addHandler(Call.answering(this::decide));
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

    private static AuditEvent event(
            Call call, String action, String topic, @Nullable String reason, JsonObject details) {
        return new AuditEvent(call.actor(), action, null, "/api/v1/topics/" + topic, reason, details, call.requestId());
    }
}
