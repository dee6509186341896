package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxStoreTest {

    private static final Duration LEASE = Duration.ofMinutes(1);

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);

    @BeforeEach
    void keepAnEndpoint() {
        keep(Endpoint.signed(
                "settings", URI.create("http://127.0.0.1:1/hook"), StandardWebhook.withSecret(Receiver.SECRET)));
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void ignoresTheOutcomeOfALeaseThatWasLost() {
        var group = outbox.meetNewGroup();
        var lost = claim();
        assertThat(outbox.claim(LEASE)).isEmpty();
        outbox.endLeases();
        var held = claim();
        assertThat(held.webhookId()).isEqualTo(lost.webhookId());
        assertThat(held.attempts()).isEqualTo(2);
        assertThat(outbox.mark(lost, Outcome.gone())).isFalse();
        assertThat(outbox.delivery(group).state()).isEqualTo("pending");
        assertThat(outbox.endpointState("settings")).isEqualTo("active");
        assertThat(outbox.mark(held, Outcome.delivered(200))).isTrue();
        assertThat(outbox.delivery(group).state()).isEqualTo("delivered");
    }

    @Test
    void tellsAnEndpointOfAnEventOnce() {
        outbox.tell("rule:1", "redrive.alert.firing");
        outbox.tell("rule:1", "redrive.alert.firing");
        assertThat(outbox.deliveries()).hasSize(1);
    }

    @Test
    void writesNothingForAnEndpointThatLeftTheSettingsAndGoesOnWhenItIsBack() {
        outbox.tell("rule:1", "redrive.alert.firing");
        keep();
        outbox.tell("rule:2", "redrive.alert.firing");
        assertThat(outbox.deliveries()).hasSize(1);
        assertThat(outbox.claim(LEASE)).isEmpty();
        keepAnEndpoint();
        assertThat(claim().episode()).isEqualTo("rule:1");
    }

    @Test
    void storesNamesOfAnySizeAndContent() {
        var group = outbox.meetNewGroup("😀".repeat(500_000));
        var data = claim().data();
        assertThat(data.length()).isLessThan(2_000);
        assertThat(Texts.bounded("a".repeat(299) + "😀")).isEqualTo("a".repeat(299) + "…");
        assertThat(outbox.delivery(group).state()).isEqualTo("pending");
    }

    @Test
    void listsDeliveriesNewestFirstAndByState() {
        outbox.tell("rule:1", "redrive.alert.firing");
        outbox.tell("rule:2", "redrive.alert.firing");
        outbox.tell("rule:3", "redrive.alert.firing");
        outbox.mark(claim(), Outcome.delivered(204));
        var list = new DeliveryStore(outbox.pool);
        var newest = list.page(state(null), Long.MAX_VALUE, 2).await();
        assertThat(newest).hasSize(2).allMatch(row -> row.nextAttemptAt() != null);
        var rest = list.page(state(null), newest.get(1).id(), 2).await();
        assertThat(rest).hasSize(1).allMatch(row -> row.nextAttemptAt() == null && row.deliveredAt() != null);
        assertThat(list.page(state("delivered"), Long.MAX_VALUE, 9).await()).isEqualTo(rest);
        assertThat(list.page(state("dead"), Long.MAX_VALUE, 9).await()).isEmpty();
    }

    private static DeliveryStore.Which state(@Nullable String state) {
        return new DeliveryStore.Which(state, null, null);
    }

    private OutboxStore.Claim claim() {
        return outbox.claim(LEASE).orElseThrow();
    }

    private void keep(Endpoint... endpoints) {
        new EndpointStore(outbox.pool).keep(List.of(endpoints)).await();
    }
}
