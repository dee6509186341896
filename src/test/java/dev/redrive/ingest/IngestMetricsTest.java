package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestMetricsTest {

    private static final String LAG = "redrive.ingest.lag.records";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IngestMetrics east = new IngestMetrics(registry, "east");
    private final IngestMetrics west = new IngestMetrics(registry, "west");

    private double lag(String cluster) {
        return registry.get(LAG)
                .tags("cluster", cluster, "topic", "orders-dlt")
                .gauge()
                .value();
    }

    @Test
    void showsTopicsOfOneNameInTwoClustersApart() {
        east.show(Map.of("orders-dlt", 5L), Map.of("orders-dlt", 60.0));
        west.show(Map.of("orders-dlt", 7L), Map.of("orders-dlt", 0.0));
        assertThat(lag("east")).isEqualTo(5);
        assertThat(lag("west")).isEqualTo(7);
    }

    @Test
    void showsNothingOfAClusterThatIsNotReadAnyMore() {
        east.show(Map.of("orders-dlt", 5L), Map.of("orders-dlt", 60.0));
        west.show(Map.of("orders-dlt", 7L), Map.of("orders-dlt", 0.0));
        east.gone();
        assertThat(registry.find(LAG).tag("cluster", "east").gauge()).isNull();
        assertThat(lag("west")).isEqualTo(7);
        var begunAgain = new IngestMetrics(registry, "east");
        begunAgain.show(Map.of("orders-dlt", 2L), Map.of("orders-dlt", 1.0));
        assertThat(lag("east")).isEqualTo(2);
    }
}
