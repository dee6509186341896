package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeartbeatVerticleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HeartbeatVerticle.Pace QUICK =
            new HeartbeatVerticle.Pace(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMinutes(3));

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);
    private final EndpointStore store = new EndpointStore(outbox.pool);
    private final ChannelReceiver receiver = new ChannelReceiver(vertx, EndpointKind.HEARTBEAT);
    private final Endpoint endpoint = receiver.endpoint(false);
    private final AtomicLong clock = new AtomicLong();
    private final Progress progress = new Progress(Duration.ofMinutes(2), clock::get);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private void deploy(HeartbeatVerticle.Pace pace) {
        var channels = outbox.channels(new DeliveryVerticle.Pace(PATIENCE, Duration.ofSeconds(2), PATIENCE));
        vertx.deployVerticle(new HeartbeatVerticle(
                        outbox.line(endpoint),
                        store,
                        loop -> channels.http(loop, endpoint, (Address.Http) endpoint.address()),
                        progress,
                        UUID.randomUUID(),
                        pace))
                .await();
    }

    private String lastError() {
        return outbox.pool
                .query("SELECT last_error FROM alert_endpoint")
                .execute()
                .await()
                .iterator()
                .next()
                .getString(0);
    }

    @Test
    @DisplayName("A-17: the pings end when a loop does not get on, although the process lives, and come back with it")
    void pingsAsLongAsEveryLoopGetsOn() {
        outbox.add("heartbeat", EndpointKind.HEARTBEAT);
        var ingest = progress.loop("ingest of default");
        var replay = progress.loop("replay to default");
        deploy(QUICK);
        until(PATIENCE, () -> receiver.taken.size() >= 2);
        clock.addAndGet(Duration.ofSeconds(121).toNanos());
        replay.turned();
        until(PATIENCE, () -> "withheld, no progress of: ingest of default".equals(lastError()));
        int before = receiver.taken.size();
        // The process looks on: its report is renewed, and still there is no ping.
        var seen = seenAt();
        until(PATIENCE, () -> seenAt() > seen);
        assertThat(receiver.taken).hasSize(before);
        ingest.turned();
        until(PATIENCE, () -> receiver.taken.size() > before);
        until(PATIENCE, () -> lastError() == null);
    }

    @Test
    @DisplayName("A-17: nor does another process ping that gets on itself")
    void pingsForNoProcessWhileOneIsStuck() {
        outbox.add("heartbeat", EndpointKind.HEARTBEAT);
        store.report(UUID.randomUUID(), List.of("ingest of default")).await();
        deploy(QUICK);
        var seen = seenAt();
        until(PATIENCE, () -> seenAt() > seen);
        assertThat(receiver.taken).isEmpty();
        outbox.pool
                .query("UPDATE process_progress SET seen_at = now() - interval '4 minutes' WHERE stuck <> '{}'")
                .execute()
                .await();
        until(PATIENCE, () -> !receiver.taken.isEmpty());
    }

    @Test
    void pingsOnceAnIntervalHoweverManyProcessesThereAre() {
        outbox.add("heartbeat", EndpointKind.HEARTBEAT);
        var calm = new HeartbeatVerticle.Pace(Duration.ofMillis(20), Duration.ofMinutes(1), Duration.ofMinutes(3));
        deploy(calm);
        deploy(calm);
        until(PATIENCE, () -> receiver.taken.size() == 1);
        var seen = seenAt();
        until(PATIENCE, () -> seenAt() > seen);
        assertThat(receiver.taken).hasSize(1);
    }

    @Test
    void aHeartbeatHearsOfNoAlert() {
        outbox.add("heartbeat", EndpointKind.HEARTBEAT);
        outbox.tell("alert:1", "redrive.alert.firing");
        assertThat(outbox.deliveries()).isEmpty();
        assertThat(store.isAnyActive().await()).isFalse();
    }

    /** When a process reported last, in steps of 400 ms: a later one means twenty looks in between. */
    private long seenAt() {
        return outbox.numbers("""
                SELECT coalesce(max(extract(epoch FROM seen_at) * 1000 / 400), 0) AS number FROM process_progress""").get(0);
    }
}
