package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.grouping.FailureGroup;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The product dies as a process; leases of the dead are ended on the database's clock instead of waited for. Three kills
 * in every build; {@code -Dalert.kills=50} is the whole of A-01.
 */
class AlertCrashTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KILLED = 137;
    private static final int KILLS = Integer.getInteger("alert.kills", 3);

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);
    private final Receiver receiver = Receiver.answering(vertx, 200);

    @BeforeEach
    void keepTheEndpointOfTheSettings() {
        new EndpointStore(outbox.pool)
                .keep(List.of(receiver.endpoint("settings")))
                .await();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    @DisplayName(
            "A-01 (3 kills; 50 with -Dalert.kills=50): killed between evaluation and send, every transition arrives with its one id")
    void sendsAfterEveryCrashWhatWasEvaluatedBeforeIt() {
        var groups = new ArrayList<FailureGroup>();
        for (int kill = 1; kill <= KILLS; kill++) {
            groups.add(outbox.meetNewGroup());
            outbox.tell("rule:" + kill, "redrive.alert.firing");
            if (kill > 1) {
                outbox.tell("rule:" + (kill - 1), "redrive.alert.resolved");
            }
            // The first passes deliver, so that the crash meets an outbox in every state.
            dieAt("alert.claimed:halt@" + (kill % 2 + 1), groups);
            assertThat(receiver.refused).isEmpty();
        }
        runUntilDelivered();
        assertThat(receiver.ids())
                .containsAll(outbox.deliveries().stream()
                        .map(OutboxRows.Delivery::id)
                        .toList());
        assertThat(receiver.ids()).doesNotHaveDuplicates().hasSize(groups.size() + 2 * KILLS - 1);
        for (int kill = 1; kill < KILLS; kill++) {
            assertThat(receiver.types("rule:" + kill))
                    .containsExactly("redrive.alert.firing", "redrive.alert.resolved");
        }
    }

    @Test
    @DisplayName("A-02: dead after the answer and before the mark, the event is sent again under the same id")
    void repeatsUnderTheSameIdWhatItCouldNotMark() {
        var group = outbox.meetNewGroup();
        try (var redrive =
                redrive().property("redrive.failpoint", "alert.answered:halt").launch()) {
            assertThat(redrive.awaitExit(PATIENCE)).isEqualTo(KILLED);
        }
        assertThat(receiver.messages).hasSize(1);
        assertThat(outbox.delivery(group).state()).isEqualTo("pending");
        runUntilDelivered();
        assertThat(receiver.ids())
                .containsExactly(
                        outbox.delivery(group).id(), outbox.delivery(group).id());
        assertThat(receiver.messages.get(1).event())
                .isEqualTo(receiver.messages.get(0).event());
        assertThat(receiver.refused).isEmpty();
    }

    private void dieAt(String failpoint, List<FailureGroup> groups) {
        if (failpoint.endsWith("@2")) {
            groups.add(outbox.meetNewGroup());
        }
        outbox.endLeases();
        try (var redrive = redrive().property("redrive.failpoint", failpoint).launch()) {
            assertThat(redrive.awaitExit(PATIENCE)).isEqualTo(KILLED);
        }
    }

    private void runUntilDelivered() {
        outbox.endLeases();
        try (var redrive = redrive().launch()) {
            until(
                    PATIENCE,
                    () -> outbox.deliveries().stream()
                            .allMatch(row -> row.state().equals("delivered")));
            redrive.sigterm();
            redrive.awaitExit(Duration.ofSeconds(10));
        }
    }

    /** Without a broker: alerts do not wait for Kafka. */
    private RedriveProcess.Start redrive() {
        return RedriveProcess.on(outbox.url, "127.0.0.1:1")
                .with("REDRIVE_PUBLIC_URL", OutboxRows.PUBLIC_URL)
                .with("REDRIVE_WEBHOOK_URL", receiver.url())
                .with("REDRIVE_WEBHOOK_SECRET", Receiver.SECRET);
    }
}
