package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cluster.ConsumerFigure;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerSourceTest {

    private static final Instant AT = Instant.parse("2026-11-23T03:00:00Z");

    private static AlertNotice notice(String group) {
        var partition = new ConsumerFigure.Partition(3, 41, 5, "stall");
        var figure = new ConsumerFigure(
                "default", group, "orders", 5, "stall", AT, AT, AT, Collections.nCopies(5, partition));
        return new ConsumerSource(new Links("https://redrive.example"), 1_000, Map.of())
                .notice(Condition.STUCK_CONSUMER, figure, AT);
    }

    @Test
    void namesTheGroupItsTopicAndTheCommandsOfARunbook() {
        var notice = notice("orders-svc");
        assertThat(notice.title()).isEqualTo("Consumer group orders-svc on orders is stuck, 5 records behind");
        assertThat(notice.path()).isEqualTo("/consumers/orders-svc");
        assertThat(notice.data().getJsonArray("commands").getList())
                .isEqualTo(List.of(
                        "curl -sS -H \"Authorization: Bearer $REDRIVE_TOKEN\" 'https://redrive.example/api/v1/consumer-groups/orders-svc'",
                        "kafka-consumer-groups.sh --bootstrap-server \"$KAFKA\" --describe --group orders-svc"));
    }

    @Test
    void aGroupWithAHostileNameGetsIntoNoShell() {
        var notice = notice("x'; rm -rf / #\u0000" + "é".repeat(5_000));
        assertThat(notice.data().encode().length()).isLessThan(16_384);
        assertThat(notice.subject().id().length()).isLessThanOrEqualTo(400);
        assertThat(notice.data().getJsonArray("commands")).hasSize(1);
        assertThat(notice.data().getJsonArray("commands").getString(0))
                .doesNotContain("rm -rf")
                .endsWith("'");
    }
}
