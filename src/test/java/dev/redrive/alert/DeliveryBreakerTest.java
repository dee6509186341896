package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import dev.redrive.alert.DeliveryVerticle.Pace;
import dev.redrive.alert.OutboxRows.Delivery;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One endpoint that takes nothing for a while, and two processes that would tell it. */
class DeliveryBreakerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(30));
    private static final int MESSAGES = 12;

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);

    /** It answers nothing to so many. */
    private final AtomicInteger silent = new AtomicInteger(Integer.MAX_VALUE);

    private final Receiver receiver = new Receiver(vertx, (message, request) -> {
        if (silent.getAndDecrement() <= 0) {
            Receiver.answer(request, 200);
        }
    });

    @BeforeEach
    void tellByTwoProcesses() {
        new EndpointStore(outbox.pool)
                .keep(List.of(receiver.endpoint("settings")))
                .await();
        IntStream.range(0, MESSAGES).forEach(n -> outbox.tell("rule:" + n, "redrive.alert.firing"));
        deploy();
        deploy();
        awaitTrialAfter(5);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void waitsOutTheSilenceOfAnEndpointFiveTimesAndThenOnceForEachTrial() {
        assertThat(untried()).hasSize(MESSAGES - 5);
        assertThat(outbox.trialIn("settings"))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30)));
        for (int trial = 1; trial <= 3; trial++) {
            outbox.beginTrial();
            awaitTrialAfter(5 + trial);
            // What was never tried is due before what was, so each trial is another message.
            assertThat(untried()).hasSize(MESSAGES - 5 - trial);
        }
        assertThat(outbox.trialIn("settings"))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5)));
        assertThat(outbox.deliveries()).extracting(Delivery::state).containsOnly("pending");
    }

    @Test
    void sendsAllThatWaitedOnceAndInItsOrderWhenATrialArrives() {
        silent.set(0);
        outbox.beginTrial();
        until(
                PATIENCE,
                () -> outbox.deliveries().stream()
                        .allMatch(delivery -> delivery.state().equals("delivered")));
        assertThat(outbox.trialIn("settings")).isEmpty();
        var sent = receiver.messages.stream()
                .map(message -> message.data().getString("of"))
                .toList();
        assertThat(sent).hasSize(5 + MESSAGES);
        // Those that were tried before would have waited for minutes; they come behind those that were due already.
        assertThat(sent.subList(5, MESSAGES))
                .containsExactlyElementsOf(
                        IntStream.range(5, MESSAGES).mapToObj(n -> "rule:" + n).toList());
        assertThat(sent.subList(MESSAGES, sent.size()))
                .containsExactlyInAnyOrder("rule:0", "rule:1", "rule:2", "rule:3", "rule:4");
    }

    @Test
    void givesUpWhatWaitedAsLongAsItWouldHaveBeenTried() {
        outbox.letWait(RetrySchedule.WHOLE.plusMinutes(1));
        outbox.tell("rule:late", "redrive.alert.firing");
        outbox.beginTrial();
        awaitTrialAfter(6);
        assertThat(outbox.deliveries().stream()
                        .filter(delivery -> delivery.state().equals("pending")))
                .hasSize(2);
        assertThat(outbox.deliveries().stream()
                        .filter(delivery -> delivery.state().equals("dead"))
                        .map(Delivery::lastError))
                .hasSize(MESSAGES - 1)
                .containsOnly("the endpoint took nothing for as long as messages are tried");
    }

    private void awaitTrialAfter(int attempts) {
        until(
                PATIENCE,
                () -> receiver.messages.size() == attempts
                        && outbox.deliveries().stream().noneMatch(Delivery::leased)
                        && outbox.trialIn("settings")
                                .filter(wait -> !wait.isNegative())
                                .isPresent());
    }

    private List<Delivery> untried() {
        return outbox.deliveries().stream()
                .filter(delivery -> delivery.attempts() == 0)
                .toList();
    }

    private void deploy() {
        var endpoint = receiver.endpoint("settings");
        vertx.deployVerticle(new DeliveryVerticle(
                        outbox.line(endpoint),
                        outbox.shared(QUICK),
                        loop -> outbox.channels(QUICK).open(loop, endpoint),
                        new Progress().loop("outbox")))
                .await();
    }
}
