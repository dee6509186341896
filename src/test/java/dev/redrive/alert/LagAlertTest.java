package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cluster.LagNotice;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LagAlertTest {

    private static final Instant AT = Instant.parse("2026-11-23T03:00:00Z");

    private static AlertEvent event(String group, boolean resolved) {
        var partition = new LagNotice.Partition(3, 41, 5, "stall");
        return new LagAlert(new Links("https://redrive.example"))
                .event(new LagNotice(
                        7,
                        resolved,
                        "default",
                        group,
                        "orders",
                        5,
                        "stall",
                        AT,
                        AT,
                        Collections.nCopies(5, partition)));
    }

    @Test
    void firesAndIsResolvedInOneEpisode() {
        var firing = event("orders-svc", false);
        assertThat(firing.type()).isEqualTo("redrive.alert.firing");
        assertThat(event("orders-svc", true).type()).isEqualTo("redrive.alert.resolved");
        assertThat(event("orders-svc", true).episode())
                .isEqualTo(firing.episode())
                .isEqualTo("consumer-lag:7");
        assertThat(firing.data().getJsonArray("commands").getList())
                .isEqualTo(List.of(
                        "curl -sS -H \"Authorization: Bearer $REDRIVE_TOKEN\" 'https://redrive.example/api/v1/consumer-groups/orders-svc'",
                        "kafka-consumer-groups.sh --bootstrap-server \"$KAFKA\" --describe --group orders-svc"));
    }

    @Test
    void aGroupWithAHostileNameGetsIntoNoShell() {
        var data = event("x'; rm -rf / #\u0000" + "é".repeat(5_000), false).data();
        assertThat(data.encode().length()).isLessThan(16_384);
        assertThat(data.getJsonArray("commands")).hasSize(1);
        assertThat(data.getJsonArray("commands").getString(0))
                .doesNotContain("rm -rf")
                .endsWith("'");
    }
}
