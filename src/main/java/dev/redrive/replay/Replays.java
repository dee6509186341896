package dev.redrive.replay;

import static java.util.Objects.requireNonNull;

import dev.redrive.Failpoint;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.Status;
import dev.redrive.replay.ReplayEvents.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accepts replays, undoes them, and takes decisions; each is one transaction with its audit row. */
final class Replays {

    /** Words of the contract's Override. */
    static final String LOOP = "loop";

    private final ReplayPlans plans;
    private final ChangeStore changes;
    private final int lanes;
    private final int maxAttempts;
    private final ReplayMetrics metrics;

    Replays(Pool pool, ReplayPlans plans, int lanes, int maxAttempts, ReplayMetrics metrics) {
        this.plans = plans;
        this.changes = new ChangeStore(new AuditStore(pool));
        this.lanes = lanes;
        this.maxAttempts = maxAttempts;
        this.metrics = metrics;
    }

    ReplayPlans plans() {
        return plans;
    }

    int maxAttempts() {
        return maxAttempts;
    }

    /**
     * Puts the replay into the queue of its lane, in the caller's transaction.
     *
     * @param plan made before the transaction, because it asks Kafka
     */
    Future<Replay> accept(SqlConnection connection, ReplayAsk ask, ReplayPlan plan, Caller caller) {
        return ReplayStore.lock(connection, ask.letterId())
                .map(locked -> allowed(ask, plan, locked))
                .compose(allowed -> draftId(connection, ask, plan, caller))
                .compose(draftId -> {
                    var intent = intent(ask, plan, draftId.orElse(null), caller);
                    return ReplayStore.add(connection, intent)
                            .compose(added -> changes.record(connection, List.of(asked(intent, caller))))
                            .compose(recorded -> ReplayStore.find(connection, intent.id()))
                            .map(Optional::orElseThrow);
                })
                .onSuccess(replay -> Failpoint.pass("replay.accepted"));
    }

    private ReplayPlan allowed(ReplayAsk ask, ReplayPlan plan, Optional<ReplayStore.Locked> found) {
        var locked = found.orElseThrow(() -> RefusedException.notFound("There is no dead letter " + ask.letterId()));
        if (ask.letterVersion() != null && ask.letterVersion() != locked.version()) {
            throw new RefusedException(
                    ProblemCode.PRECONDITION_FAILED,
                    "The letter has changed since version " + ask.letterVersion(),
                    new JsonObject().put("current", "\"v" + locked.version() + "\""));
        }
        if (locked.status() != Status.OPEN) {
            throw RefusedException.conflict("The letter is " + locked.status().word(), List.of());
        }
        Refused.by(plan, ask.overrides(), maxAttempts).ifPresent(refusal -> {
            throw refusal;
        });
        return plan;
    }

    /** The approved draft, which must still be the current one; a fetched record is kept as one. */
    private static Future<Optional<Long>> draftId(
            SqlConnection connection, ReplayAsk ask, ReplayPlan plan, Caller caller) {
        var content = plan.content();
        return switch (plan.source()) {
            case ORIGINAL, TRANSFORM, RECEIPT -> Future.succeededFuture(Optional.empty());
            case DRAFT ->
                DraftStore.current(connection, ask.letterId())
                        .map(current -> current.map(Draft::id)
                                .filter(id -> plan.draft() != null
                                        && id == plan.draft().id())
                                .or(() -> {
                                    throw new RefusedException(
                                            ProblemCode.PRECONDITION_FAILED, "The draft has been saved again since");
                                }));
            case ORIGIN_RECORD ->
                DraftStore.save(
                                connection,
                                new DraftStore.Edit(
                                        ask.letterId(),
                                        requireNonNull(content),
                                        plan.target(),
                                        caller.actor(),
                                        "Fetched from the origin topic",
                                        true))
                        .map(draft -> Optional.of(draft.id()));
        };
    }

    private ReplayStore.Intent intent(ReplayAsk ask, ReplayPlan plan, @Nullable Long draftId, Caller caller) {
        var id = ReplayId.next();
        var topic = requireNonNull(plan.found());
        var content = requireNonNull(plan.content());
        return new ReplayStore.Intent(
                id,
                plan.letter(),
                plan.source(),
                draftId,
                requireNonNull(plan.hash()),
                topic.name(),
                topic.id(),
                plan.target(),
                plan.partition(),
                ask.overrides(),
                LaneId.laneOf(plan.letter().kafkaId(), topic.name(), content.key(), id, lanes),
                ask.delay(),
                caller.actor(),
                ask.reason());
    }

    private static AuditEvent asked(ReplayStore.Intent intent, Caller caller) {
        return ReplayEvents.by(
                caller,
                "replay-requested",
                intent.letter().id(),
                intent.id(),
                intent.reason(),
                new JsonObject()
                        .put("topic", intent.topic())
                        .put("source", intent.source().word())
                        .put("overrides", List.copyOf(intent.overrides()))
                        .put("contentHash", hex(intent.contentHash())));
    }

    private static String hex(Buffer bytes) {
        return HexFormat.of().formatHex(bytes.getBytes());
    }

    /** Undoes a replay that no lane has taken. */
    Future<Void> cancel(SqlConnection connection, Replay replay, Caller caller) {
        return ReplayStore.cancel(connection, replay.id())
                .compose(cancelled -> said(connection, cancelled, replay, "replay-cancelled", null, caller))
                .onSuccess(said -> metrics.cancelled(connection, replay.topic(), 1));
    }

    /** @param sent whether the record was seen in the target; otherwise it is sent again, at the risk of a second copy */
    Future<Void> decide(SqlConnection connection, Replay replay, boolean sent, @Nullable String reason, Caller caller) {
        var decided = sent ? ReplayStore.confirm(connection, replay.id()) : ReplayStore.resend(connection, replay.id());
        return decided.compose(done -> said(connection, done, replay, "replay-decided", reason, caller));
    }

    private Future<Void> said(
            SqlConnection connection,
            boolean done,
            Replay replay,
            String action,
            @Nullable String reason,
            Caller caller) {
        if (!done) {
            throw RefusedException.conflict("The replay is " + replay.state().word(), List.of());
        }
        var event = ReplayEvents.by(caller, action, replay.letterId(), replay.id(), reason, new JsonObject());
        return changes.record(connection, List.of(event));
    }
}
