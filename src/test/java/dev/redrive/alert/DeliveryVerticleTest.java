package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.redrive.Progress;
import dev.redrive.alert.DeliveryVerticle.Pace;
import dev.redrive.alert.OutboxRows.Delivery;
import dev.redrive.grouping.FailureGroup;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeliveryVerticleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofSeconds(30));

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void tellsOfANewGroupInASignedCloudEventWithALinkAndTwoCommands() {
        var receiver = deliverTo(Receiver.answering(vertx, 204));
        var group = outbox.meetNewGroup();
        until(PATIENCE, () -> outbox.delivery(group).state().equals("delivered"));
        assertThat(receiver.refused).isEmpty();
        assertThat(receiver.messages).hasSize(1);
        var message = receiver.messages.get(0);
        assertThat(message.contentType()).isEqualTo("application/cloudevents+json");
        assertThat(message.timestamp()).isCloseTo(Instant.now().getEpochSecond(), within(60L));
        assertThat(message.event().getMap())
                .containsEntry("specversion", "1.0")
                .containsEntry("type", "redrive.group.new")
                .containsEntry("source", OutboxRows.PUBLIC_URL)
                .containsEntry("id", message.id());
        assertThat(message.data().getMap())
                .containsEntry("failureGroupId", Long.toString(group.id()))
                .containsEntry("title", "IllegalStateException")
                .containsEntry("topic", "orders-dlt")
                .containsEntry("consumerGroup", "orders-svc")
                .containsEntry("link", OutboxRows.PUBLIC_URL + "/ui/failure-groups/" + group.id());
        assertThat(message.data().getJsonArray("commands")).hasSize(2);
    }

    @Test
    void tellsOfAGapWithItsExactOffsets() {
        var receiver = deliverTo(Receiver.answering(vertx, 204));
        outbox.tellOfAGap();
        until(PATIENCE, this::allDelivered);
        assertThat(receiver.messages).hasSize(1);
        var message = receiver.messages.get(0);
        assertThat(message.event().getString("type")).isEqualTo("redrive.ingest.gap");
        assertThat(message.data().getMap())
                .containsEntry("fromOffset", "100")
                .containsEntry("toOffset", "250")
                .containsEntry("title", "Offsets 100 to 249 of orders-dlt, partition 3 cannot be read any more");
    }

    @Test
    void tellsNobodyOfLettersThatWereRolledBack() {
        var receiver = deliverTo(Receiver.answering(vertx, 204));
        outbox.pool
                .withTransaction(connection -> EventStore.write(
                                connection,
                                List.of(new AlertEvent("redrive.group.new", "failure-group:7", null, new JsonObject())))
                        .compose(written -> connection.query("SELECT 1 / 0").execute()))
                .otherwiseEmpty()
                .await();
        var later = outbox.meetNewGroup();
        until(PATIENCE, () -> outbox.delivery(later).state().equals("delivered"));
        assertThat(receiver.messages).hasSize(1);
        assertThat(outbox.deliveries()).hasSize(1);
    }

    @Test
    @DisplayName(
            "A-03 (waits are skipped on the database's clock): the schedule is followed with jitter, then the row is dead")
    void followsTheScheduleWithJitter() {
        var receiver = deliverTo(Receiver.answering(vertx, 503));
        var group = outbox.meetNewGroup();
        var schedule = List.of(5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600, 24 * 3600);
        for (int failed = 1; failed <= schedule.size(); failed++) {
            var delivery = awaitAttempt(group, failed);
            assertThat(delivery.state()).isEqualTo("pending");
            assertThat(delivery.lastStatus()).isEqualTo(503);
            // What the test itself takes between the mark and its look is below the slack.
            assertThat(delivery.dueIn())
                    .isBetween(seconds(schedule.get(failed - 1) - 4), seconds(schedule.get(failed - 1) * 1.2));
            outbox.skipWaits();
        }
        until(PATIENCE, () -> outbox.delivery(group).state().equals("dead"));
        assertThat(receiver.messages).hasSize(9);
        assertThat(receiver.ids()).containsOnly(outbox.delivery(group).id());
    }

    @Test
    @DisplayName("A-03 (waits are skipped on the database's clock): after an outage of hours all arrives, in order")
    void deliversInOrderWhatAnOutageHeldBack() {
        var down = new AtomicInteger(12);
        var receiver = deliverTo(new Receiver(
                vertx, (message, request) -> Receiver.answer(request, down.getAndDecrement() > 0 ? 503 : 200)));
        outbox.tell("rule:1", "redrive.alert.firing");
        outbox.tell("rule:2", "redrive.alert.firing");
        until(PATIENCE, () -> {
            outbox.skipWaits();
            return down.get() <= 6;
        });
        assertThat(outbox.deliveries()).extracting(Delivery::state).containsOnly("pending");
        outbox.tell("rule:1", "redrive.alert.resolved");
        until(PATIENCE, () -> {
            outbox.skipWaits();
            return allDelivered();
        });
        assertThat(receiver.messages).hasSize(12 + 3);
        assertThat(receiver.types("rule:1"))
                .endsWith("redrive.alert.firing", "redrive.alert.resolved")
                .containsOnlyOnce("redrive.alert.resolved");
        assertThat(receiver.ids().stream().distinct()).hasSize(3);
    }

    @Test
    @DisplayName("A-04: 410 disables the endpoint until it has another address")
    void disablesAnEndpointThatIsGone() {
        var receiver = Receiver.answering(vertx, 410);
        var deployment = deploy(receiver.endpoint("settings"));
        var first = outbox.meetNewGroup();
        until(PATIENCE, () -> outbox.delivery(first).state().equals("dead"));
        var second = outbox.meetNewGroup();
        assertThat(outbox.delivery(second).state()).isEqualTo("dead");
        assertThat(outbox.endpointState("settings")).isEqualTo("disabled");
        new EndpointStore(outbox.pool)
                .keep(List.of(receiver.endpoint("settings")))
                .await();
        assertThat(outbox.endpointState("settings")).isEqualTo("disabled");
        vertx.undeploy(deployment).await();
        deliverTo(Receiver.answering(vertx, 200));
        var third = outbox.meetNewGroup();
        until(PATIENCE, () -> outbox.delivery(third).state().equals("delivered"));
        assertThat(receiver.messages).hasSize(1);
    }

    @Test
    @DisplayName("A-05: 429 with Retry-After 120 leaves the whole endpoint alone for 120 s")
    void waitsAsLongAsTheReceiverAsks() {
        var receiver = deliverTo(new Receiver(
                vertx,
                (message, request) -> request.response()
                        .setStatusCode(429)
                        .putHeader("retry-after", "120")
                        .end()));
        var first = outbox.meetNewGroup();
        assertThat(awaitAttempt(first, 1).dueIn()).isBetween(seconds(115), seconds(121));
        var second = outbox.meetNewGroup();
        outbox.skipWaits();
        assertThat(outbox.claim(Duration.ofSeconds(1))).isEmpty();
        receiver.answerFromNowOn((message, request) -> Receiver.answer(request, 200));
        outbox.endPauses();
        until(
                PATIENCE,
                () -> outbox.delivery(first).state().equals("delivered")
                        && outbox.delivery(second).state().equals("delivered"));
        assertThat(receiver.messages).hasSize(3);
    }

    @Test
    @DisplayName("A-05: a redirect is a failure and is not followed")
    void doesNotFollowRedirects() {
        var receiver = deliverTo(new Receiver(
                vertx,
                (message, request) -> request.response()
                        .setStatusCode(307)
                        .putHeader("location", "/elsewhere")
                        .end()));
        var group = outbox.meetNewGroup();
        assertThat(awaitAttempt(group, 1).lastStatus()).isEqualTo(307);
        assertThat(receiver.messages).extracting(Receiver.Message::path).containsExactly("/hook");
    }

    @Test
    @DisplayName(
            "A-05: silence (500 ms here), a reset and a refused connection are failures that wait for the schedule")
    void countsNoAnswerAsAFailure() {
        var receiver = deliverTo(new Receiver(vertx, (message, request) -> {}));
        var silent = outbox.meetNewGroup();
        assertThat(awaitAttempt(silent, 1).lastError()).isEqualTo("no answer within 500 ms");
        receiver.answerFromNowOn((message, request) -> request.connection().close());
        var reset = outbox.meetNewGroup();
        assertThat(awaitAttempt(reset, 1).lastError()).startsWith("no answer");
        receiver.close();
        var refused = outbox.meetNewGroup();
        assertThat(awaitAttempt(refused, 1).lastError()).isEqualTo("connection refused");
        assertThat(outbox.deliveries()).extracting(Delivery::state).containsOnly("pending");
    }

    @Test
    @DisplayName("A-09: within an episode nothing overtakes, and other episodes do not wait for it")
    void keepsTheOrderOfAnEpisode() {
        var down = new AtomicBoolean(true);
        var receiver = deliverTo(new Receiver(
                vertx,
                (message, request) -> Receiver.answer(
                        request, down.get() && message.data().getString("of").equals("rule:1") ? 500 : 200)));
        outbox.tell("rule:1", "redrive.alert.firing");
        outbox.tell("rule:1", "redrive.alert.resolved");
        outbox.tell("rule:2", "redrive.alert.firing");
        until(
                PATIENCE,
                () -> receiver.types("rule:2").size() == 1
                        && receiver.types("rule:1").size() == 1);
        down.set(false);
        outbox.skipWaits();
        until(PATIENCE, this::allDelivered);
        assertThat(receiver.types("rule:1"))
                .containsExactly("redrive.alert.firing", "redrive.alert.firing", "redrive.alert.resolved");
    }

    @Test
    void readsNoEndlessResponse() {
        var written = new AtomicLong();
        var closed = new AtomicBoolean();
        deliverTo(new Receiver(vertx, (message, request) -> {
            request.response().setChunked(true).closeHandler(gone -> closed.set(true));
            vertx.setPeriodic(1, timer -> {
                if (closed.get()) {
                    vertx.cancelTimer(timer);
                } else if (!request.response().writeQueueFull()) {
                    written.addAndGet(1024);
                    request.response().write(Buffer.buffer(new byte[1024]));
                }
            });
        }));
        var group = outbox.meetNewGroup();
        until(PATIENCE, () -> outbox.delivery(group).state().equals("delivered"));
        until(PATIENCE, "the connection to be closed", closed::get);
        assertThat(written.get()).isLessThan(1024 * 1024);
    }

    @Test
    @DisplayName("A-22: two processes send each event once")
    void sharesTheOutboxWithoutRepeating() {
        var receiver = deliverTo(Receiver.answering(vertx, 200));
        deploy(receiver.endpoint("settings"));
        for (int i = 0; i < 40; i++) {
            outbox.meetNewGroup();
        }
        until(PATIENCE, this::allDelivered);
        assertThat(receiver.ids()).hasSize(40).doesNotHaveDuplicates();
    }

    private Receiver deliverTo(Receiver receiver) {
        deploy(receiver.endpoint("settings"));
        return receiver;
    }

    private String deploy(Endpoint endpoint) {
        new EndpointStore(outbox.pool).keep(List.of(endpoint)).await();
        return vertx.deployVerticle(new DeliveryVerticle(
                        outbox.line(endpoint),
                        outbox.shared(QUICK),
                        loop -> outbox.channels(QUICK).open(loop, endpoint),
                        new Progress().loop("outbox")))
                .await();
    }

    private Delivery awaitAttempt(FailureGroup group, int attempts) {
        until(PATIENCE, () -> {
            var delivery = outbox.delivery(group);
            return delivery.attempts() == attempts && !delivery.leased();
        });
        return outbox.delivery(group);
    }

    private boolean allDelivered() {
        return outbox.deliveries().stream().allMatch(row -> row.state().equals("delivered"));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
