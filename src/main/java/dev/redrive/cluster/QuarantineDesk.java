package dev.redrive.cluster;

import dev.redrive.Failpoint;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.cluster.QuarantineStore.Stored;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a record out of the way of a consumer group: intent, copy, move. The intent and its audit are one transaction and
 * come first; each later step finds out what the steps before have done, so that whoever asks again goes on.
 * docs/consumers.md tells where it may stop.
 */
final class QuarantineDesk {

    private static final String PAYLOAD = "payload:read";

    private final TopicClusters clusters;
    private final QuarantineStore store;
    private final Idempotency idempotency;
    private final AuditStore audit;
    private final Tools tools;

    /** What belongs to one cluster. */
    record Tool(QuarantineReader reader, QuarantineCopier copier) {}

    /** By the name of a cluster in the settings. */
    @FunctionalInterface
    interface Tools {
        Tool of(String cluster);
    }

    QuarantineDesk(
            TopicClusters clusters, QuarantineStore store, Idempotency idempotency, AuditStore audit, Tools tools) {
        this.clusters = clusters;
        this.store = store;
        this.idempotency = idempotency;
        this.audit = audit;
        this.tools = tools;
    }

    Future<Reply> answer(Call call) {
        var ask = Quarantine.Ask.from(call.pathParameter("group"), call.body());
        var cluster = clusters.named(ask.cluster());
        var plan = tools.of(cluster.settings().name()).reader().look(cluster, ask);
        var id = cluster.kafkaId();
        boolean payload = call.caller().permissions().contains(PAYLOAD);
        return Future.all(plan, id)
                .recover(TopicClusters::orUnavailable)
                .compose(both -> store.find(id.result(), ask, plan.result().topicId())
                        .compose(before -> {
                            if (call.body().getBoolean("dryRun", false)) {
                                return Future.succeededFuture(
                                        Reply.ok(plan.result().toJson(unfinished(before, plan.result()), payload)));
                            }
                            return before.isPresent()
                                            && before.get().moved()
                                            && plan.result().isPast()
                                    ? Future.succeededFuture(
                                            Reply.ok(plan.result().toJson(before.get(), payload)))
                                    : known(plan.result(), before)
                                            .compose(known -> carryOut(
                                                    call, cluster, id.result(), plan.result(), known, payload));
                        }));
    }

    /** Where nothing can be copied any more, what an earlier try has copied without having noted it is found here. */
    private Future<Optional<Stored>> known(Quarantine plan, Optional<Stored> before) {
        if (before.isEmpty() || before.get().copy() != null || plan.obstacles().isEmpty()) {
            return Future.succeededFuture(before);
        }
        return tools.of(plan.cluster())
                .copier()
                .find(before.get())
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(before)
                        : store.copied(before.get().id(), found.getAsLong()).map(Optional::of));
    }

    /** What was done to the end and is in the way again is asked for anew, as far as the caller can see. */
    private static @Nullable Stored unfinished(Optional<Stored> before, Quarantine plan) {
        return before.filter(stored -> !stored.moved() || plan.isPast()).orElse(null);
    }

    private Future<Reply> carryOut(
            Call call, TopicCluster cluster, String id, Quarantine plan, Optional<Stored> before, boolean payload) {
        var overtaken = before.filter(stored -> stored.copy() != null && plan.isPast());
        if (overtaken.isPresent()) {
            return store.moved(overtaken.get().id()).map(moved -> Reply.ok(plan.toJson(moved, payload)));
        }
        refuse(plan, before);
        return idempotency
                .once(call, connection -> intend(call, connection, id, plan))
                .compose(reply -> store.find(id, plan.ask(), plan.topicId())
                        .compose(stored -> copy(plan, stored.orElseThrow()))
                        .compose(stored -> move(cluster, plan, stored))
                        .map(stored -> new Reply(200, plan.toJson(stored, payload), reply.headers())));
    }

    private static void refuse(Quarantine plan, Optional<Stored> before) {
        if (plan.obstacles().isEmpty()) {
            return;
        }
        var first = plan.obstacles().get(0);
        boolean running = first.code().equals(Quarantine.GROUP_IS_RUNNING);
        var errors = new JsonArray();
        plan.obstacles().forEach(obstacle -> errors.add(obstacle.toJson()));
        throw new RefusedException(
                running ? ProblemCode.GROUP_IS_RUNNING : ProblemCode.CONFLICT_STATE,
                first.detail()
                        + before.filter(stored -> stored.copy() != null)
                                .map(stored -> " " + copyOf(stored))
                                .orElse(" Nothing was changed."),
                new JsonObject().put("errors", errors));
    }

    private static String copyOf(Stored stored) {
        return "The copy is in " + stored.topic() + ", partition " + stored.partition() + ", offset " + stored.copy()
                + ", and is not made again.";
    }

    private Future<Reply> intend(Call call, SqlConnection connection, String cluster, Quarantine plan) {
        var target = plan.target();
        if (target == null) {
            throw new IllegalStateException("Without a topic to copy to it was refused before");
        }
        // Audited each time that somebody asks: a group that was set back is moved again, without another copy.
        return store.begin(connection, cluster, plan, target, call.actor())
                .compose(stored -> audit.record(connection, event(call, plan, stored)))
                .map(recorded -> Reply.ok(new JsonObject()));
    }

    private static AuditEvent event(Call call, Quarantine plan, Stored stored) {
        var ask = plan.ask();
        return new AuditEvent(
                call.actor(),
                "record-quarantined",
                null,
                "/api/v1/consumer-groups/" + ask.group(),
                ask.reason(),
                new JsonObject()
                        .put("quarantine", stored.id().toString())
                        .put("cluster", plan.cluster())
                        .put("topic", ask.topic())
                        .put("partition", ask.partition())
                        .put("offset", Long.toString(ask.offset()))
                        .put("deadLetterTopic", stored.topic()),
                call.requestId());
    }

    private Future<Stored> copy(Quarantine plan, Stored stored) {
        var record = plan.record();
        if (stored.copy() != null || record == null) {
            return Future.succeededFuture(stored);
        }
        return tools.of(plan.cluster())
                .copier()
                .copy(stored, plan.ask(), record)
                .compose(offset -> {
                    Failpoint.pass("quarantine.copied");
                    return store.copied(stored.id(), offset);
                });
    }

    /** Only if the group is still there and stands where it stood: to copy took a while. */
    private Future<Stored> move(TopicCluster cluster, Quarantine plan, Stored stored) {
        var ask = plan.ask();
        var place = new GroupPlace(cluster.admin(), ask.group(), ask.place());
        return place.now()
                .compose(now -> {
                    var committed = now.map(GroupPlace.Now::committed).orElse(OptionalLong.empty());
                    if (committed.isPresent() && committed.getAsLong() > ask.offset()) {
                        return Future.<Void>succeededFuture();
                    }
                    return committed.equals(plan.committed())
                            ? place.move(ask.offset() + 1)
                            : Future.<Void>failedFuture(new RefusedException(
                                    ProblemCode.CONFLICT_STATE,
                                    "The group stands elsewhere than a moment ago; look again. " + copyOf(stored)));
                })
                .recover(failure -> failure instanceof UnknownMemberIdException
                        ? Future.failedFuture(new RefusedException(
                                ProblemCode.GROUP_IS_RUNNING,
                                "The group was started meanwhile. Stop it and ask again. " + copyOf(stored)))
                        : TopicClusters.orUnavailable(failure))
                .compose(moved -> store.moved(stored.id()));
    }
}
