package dev.redrive.alert;

import dev.redrive.Failpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    /**
     * @param idle between two looks at the outbox when nothing is due
     * @param answer how long the endpoint may take
     * @param lease longer than connecting, answering and marking together
     */
    record Pace(Duration idle, Duration answer, Duration lease) {
        static final Pace STANDARD = new Pace(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofSeconds(25));
    }

    private final Endpoint endpoint;
    private final OutboxStore outbox;
    private final RetrySchedule schedule;
    private final Pace pace;
    private final String source;
    private final Promise<Void> stopped = Promise.promise();

    private EndpointClient client;
    private boolean stopping;

    /** @param source of the CloudEvents: the base of our links */
    @SuppressWarnings("NullAway.Init") // client is opened in start(), which Vert.x calls first
    DeliveryVerticle(Endpoint endpoint, OutboxStore outbox, RetrySchedule schedule, Pace pace, String source) {
        this.endpoint = endpoint;
        this.outbox = outbox;
        this.schedule = schedule;
        this.pace = pace;
        this.source = source;
    }

    @Override
    public Future<?> start() {
        client = new EndpointClient(vertx, pace.answer());
        turn();
        return Future.succeededFuture();
    }

    /** Waits for the attempt in hand, so that what was answered is also marked. */
    @Override
    public Future<?> stop() {
        stopping = true;
        return stopped.future().eventually(client::close);
    }

    private void turn() {
        if (stopping) {
            stopped.complete();
            return;
        }
        sendNext().onComplete(sent -> {
            if (sent.succeeded() && sent.result()) {
                turn();
            } else {
                vertx.timer(pace.idle().toMillis()).onComplete(rested -> turn());
            }
        });
    }

    /** @return whether there was something to send */
    private Future<Boolean> sendNext() {
        // Inside compose, because a closed pool throws instead of failing.
        return Future.succeededFuture()
                .compose(ready -> outbox.claim(endpoint.name(), pace.lease()))
                .timeout(QUERY_MILLIS, TimeUnit.MILLISECONDS)
                .compose(claim -> claim.isEmpty()
                        ? Future.succeededFuture(false)
                        : send(claim.get()).map(true))
                .onFailure(failure -> log.warn("Outbox of {} failed, next try in {}", endpoint, pace.idle(), failure));
    }

    private Future<Void> send(OutboxStore.Claim claim) {
        Failpoint.pass("alert.claimed");
        return client.post(endpoint, claim.webhookId(), claim.claimedAt(), CloudEvent.of(claim, source))
                .compose(answer -> {
                    Failpoint.pass("alert.answered");
                    return settle(claim, outcome(claim.attempts(), answer));
                });
    }

    private Future<Void> settle(OutboxStore.Claim claim, Outcome outcome) {
        if (outcome.error() != null) {
            log.warn(
                    "Attempt {} to tell {} of {} {} failed and it is {}: {}",
                    claim.attempts(),
                    endpoint,
                    claim.event(),
                    claim.webhookId(),
                    outcome.state(),
                    outcome.error());
        }
        return outbox.mark(claim, outcome)
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
            var wait = schedule.after(attempts, refused.retryAfter());
            var pause = schedule.bounded(refused.retryAfter());
            var error = "HTTP status " + refused.status();
            return wait.map(time -> Outcome.again(time, pause, refused.status(), error))
                    .orElseGet(() -> Outcome.dead(pause, refused.status(), error));
        }
        if (answer instanceof Answer.Unreachable unreachable) {
            return schedule.after(attempts, Duration.ZERO)
                    .map(time -> Outcome.again(time, Duration.ZERO, null, unreachable.reason()))
                    .orElseGet(() -> Outcome.dead(Duration.ZERO, null, unreachable.reason()));
        }
        return Outcome.gone();
    }
}
