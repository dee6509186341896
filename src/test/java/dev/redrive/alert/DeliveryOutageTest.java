package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.alert.DeliveryVerticle.Pace;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.LogLines;
import dev.redrive.testkit.TcpProxy;
import dev.redrive.testkit.TcpProxy.Cut;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is told of Postgres while it is away, and what becomes of a message that cannot be sent at all. */
class DeliveryOutageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofSeconds(30));

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    @DisplayName("While Postgres is away it is said once, in one line, and once that it is over")
    void saysOnceThatPostgresIsAway() {
        var receiver = Receiver.answering(vertx, 200);
        var endpoint = receiver.endpoint("settings");
        new EndpointStore(outbox.pool).keep(List.of(endpoint)).await();
        int port = URI.create(outbox.url).getPort();
        var tries = new AtomicInteger();
        var another = Vertx.vertx();
        try (var way = new TcpProxy(port);
                var lines = LogLines.of(DeliveryVerticle.class, vertx, another)) {
            var cut = new Database(new Settings.Database(outbox.url.replace(":" + port, ":" + way.port()), 1));
            way.cutAt(said -> {
                tries.incrementAndGet();
                return Cut.BEFORE;
            });
            // Pools of one Vert.x share their connections.
            vertx.deployVerticle(verticle(endpoint, new OutboxStore(cut.open(another))))
                    .await();
            until(PATIENCE, () -> tries.get() >= 5);
            way.cutAt(said -> Cut.NONE);
            var group = outbox.meetNewGroup();
            until(PATIENCE, () -> outbox.delivery(group).state().equals("delivered"));
            until(PATIENCE, () -> !lines.infos().isEmpty());
            assertThat(lines.warnings()).singleElement().asString().contains("settings", "have to wait");
            assertThat(lines.infos()).singleElement().asString().startsWith("Over after ");
        } finally {
            another.close().await();
        }
    }

    @Test
    void aMessageThatCannotBeWrittenStopsNoOther() {
        outbox.add("settings", EndpointKind.WEBHOOK);
        outbox.tell("rule:1", "redrive.alert.firing");
        outbox.spoil();
        var receiver = Receiver.answering(vertx, 200);
        var endpoint = receiver.endpoint("settings");
        new EndpointStore(outbox.pool).keep(List.of(endpoint)).await();
        vertx.deployVerticle(verticle(endpoint, outbox.store)).await();
        var group = outbox.meetNewGroup();
        until(PATIENCE, () -> outbox.delivery(group).state().equals("delivered"));
        assertThat(receiver.messages).hasSize(1);
        var spoilt = outbox.deliveries().get(0);
        assertThat(spoilt.state()).isEqualTo("pending");
        assertThat(spoilt.lastError()).startsWith("the message cannot be written: ");
        assertThat(spoilt.dueIn()).isPositive();
    }

    private DeliveryVerticle verticle(Endpoint endpoint, OutboxStore store) {
        return new DeliveryVerticle(
                outbox.line(endpoint),
                outbox.shared(QUICK, store),
                loop -> outbox.channels(QUICK).open(loop, endpoint),
                new Progress().loop("outbox"));
    }
}
