package dev.redrive.alert;

import dev.redrive.Failpoint;
import dev.redrive.LastingFailure;
import dev.redrive.Progress;
import dev.redrive.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the outbox holds for one endpoint, one event at a time, so that a slow endpoint delays no other.
 *
 * <p>At least once: a process that dies between the answer and the mark makes another POST with the same id when
 * its lease has ended.
 */
final class DeliveryVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(DeliveryVerticle.class);
    private static final long QUERY_MILLIS = 10_000;

    /** With asking a name server (3 s), connecting and answering it is below the lease, so nobody sends meanwhile. */
    private static final long PAYLOAD_MILLIS = 1_500;

    /**
     * @param idle between two looks at the outbox when nothing is due
     * @param answer how long the endpoint may take
     * @param lease longer than connecting, answering and marking together
     */
    record Pace(Duration idle, Duration answer, Duration lease) {
        static final Pace STANDARD = new Pace(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofSeconds(25));
    }

    /**
     * One endpoint in one version.
     *
     * @param id and {@code version} of its row
     */
    record Line(int id, int version, Endpoint endpoint) {}

    /** What all loops of a process share. */
    record Shared(
            OutboxStore outbox,
            RetrySchedule schedule,
            Breaker breaker,
            Pace pace,
            DeadAlert dead,
            DeliveryMetrics metrics) {}

    private final Line line;
    private final Shared shared;
    private final Function<Vertx, Channel> opening;
    private final Progress.Loop progress;
    private final LastingFailure failure;

    private Channel channel;
    private Turns turns;

    /**
     * @param opening called on the event loop of this verticle, which closes the channel
     * @param progress told of each turn
     */
    @SuppressWarnings("NullAway.Init") // channel and turns begin in start(), which Vert.x calls first
    DeliveryVerticle(Line line, Shared shared, Function<Vertx, Channel> opening, Progress.Loop progress) {
        this.line = line;
        this.shared = shared;
        this.opening = opening;
        this.progress = progress;
        this.failure = new LastingFailure(log, "Events for " + line.endpoint() + " have to wait");
    }

    @Override
    public Future<?> start() {
        channel = opening.apply(vertx);
        turns = Turns.begin(vertx, this::turn, this::failed);
        return Future.succeededFuture();
    }

    /** Waits for the attempt in hand, so that what was answered is also marked; not longer than it is ours. */
    @Override
    public Future<?> stop() {
        return turns.stop(shared.pace().lease())
                .otherwiseEmpty()
                .eventually(channel::close)
                .onComplete(closed -> progress.ended());
    }

    private Future<Duration> turn() {
        return sendNext().map(sent -> {
            progress.turned();
            failure.over();
            return sent ? Duration.ZERO : shared.pace().idle();
        });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return shared.pace().idle();
    }

    /** @return whether there was something to send */
    private Future<Boolean> sendNext() {
        return shared.outbox()
                .claim(line.id(), line.version(), shared.pace().lease())
                .timeout(QUERY_MILLIS, TimeUnit.MILLISECONDS)
                .compose(claim -> claim.isEmpty()
                        ? Future.succeededFuture(false)
                        : send(claim.get()).map(true));
    }

    private Future<Void> send(OutboxStore.Claim claim) {
        Failpoint.pass("alert.claimed");
        long began = System.nanoTime();
        return shown(claim)
                .compose(channel::send)
                .otherwise(DeliveryVerticle::unwritten)
                .compose(answer -> {
                    Failpoint.pass("alert.answered");
                    var outcome = outcome(claim.attempts(), answer)
                            .after(Duration.ofNanos(System.nanoTime() - began))
                            .pausing(line.endpoint().kind().pause());
                    var last = claim.event().equals(TestAlert.TYPE) ? outcome.atOnce() : outcome;
                    return settle(claim, shared.breaker().judge(claim.standing(), claim.claimedAt(), last));
                });
    }

    /** What cannot be put into words has failed like any other: unmarked it would be due for ever, before all others. */
    private static Answer unwritten(Throwable failure) {
        return new Answer.Unreachable(
                "the message cannot be written: " + failure.getClass().getSimpleName());
    }

    /** An alert that shows no payload is better than none. */
    private Future<OutboxStore.Claim> shown(OutboxStore.Claim claim) {
        return line.endpoint().allowsPayload()
                ? shared.outbox()
                        .withPayload(claim)
                        .timeout(PAYLOAD_MILLIS, TimeUnit.MILLISECONDS)
                        .otherwise(claim)
                : Future.succeededFuture(claim);
    }

    private Future<Void> settle(OutboxStore.Claim claim, Outcome outcome) {
        shared.metrics().attempted(line.endpoint().name(), outcome);
        if (outcome.error() != null) {
            log.warn(
                    "Attempt {} to tell {} of {} {} failed and it is {}: {}",
                    claim.attempts(),
                    line.endpoint(),
                    claim.event(),
                    claim.webhookId(),
                    outcome.state(),
                    outcome.error());
        }
        return shared.outbox()
                .mark(claim, outcome, shared.dead())
                .timeout(QUERY_MILLIS, TimeUnit.MILLISECONDS)
                .onSuccess(held -> {
                    if (!held) {
                        log.warn("Attempt at {} outlived its lease; another process goes on", claim.webhookId());
                    }
                })
                .mapEmpty();
    }

    private Outcome outcome(int attempts, Answer answer) {
        if (answer instanceof Answer.Accepted accepted) {
            return Outcome.delivered(accepted.status());
        }
        if (answer instanceof Answer.Refused refused) {
            var wait = shared.schedule().after(attempts, refused.retryAfter());
            var pause = shared.schedule().bounded(refused.retryAfter());
            var error = "HTTP status " + refused.status();
            return wait.map(time -> Outcome.again(time, pause, refused.status(), error))
                    .orElseGet(() -> Outcome.dead(pause, refused.status(), error));
        }
        if (answer instanceof Answer.Unreachable unreachable) {
            return shared.schedule()
                    .after(attempts, Duration.ZERO)
                    .map(time -> Outcome.again(time, Duration.ZERO, null, unreachable.reason()))
                    .orElseGet(() -> Outcome.dead(Duration.ZERO, null, unreachable.reason()));
        }
        return Outcome.gone();
    }
}
