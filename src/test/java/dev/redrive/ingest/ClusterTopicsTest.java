package dev.redrive.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ClusterTopicsTest {

    private static final byte[] VALUE = "value".getBytes(UTF_8);

    private final Broker broker = Broker.shared();
    private final ClusterTopics cluster = new ClusterTopics(broker.admin());
    private final String prefix = "empty." + UUID.randomUUID() + ".";

    private String topic(String name) {
        broker.topics().createTopic(prefix + name, 3);
        return prefix + name;
    }

    private Set<String> empty(String... names) throws Exception {
        return cluster.describe(Set.of(names))
                .compose(described -> cluster.empty(described.values()))
                .await(20, TimeUnit.SECONDS);
    }

    @Test
    void tellsATopicWithoutRecordsFromOneWithARecordInOnePartition() throws Exception {
        var unused = topic("unused");
        var used = topic("used");
        var emptied = topic("emptied");
        broker.topics().produce(new ProducerRecord<>(used, 2, null, VALUE));
        broker.topics().produce(new ProducerRecord<>(emptied, 1, null, VALUE));
        assertThat(empty(unused, used, emptied)).containsExactly(unused);

        var all = Map.of(new TopicPartition(emptied, 1), RecordsToDelete.beforeOffset(1));
        broker.admin().deleteRecords(all).all().get(10, TimeUnit.SECONDS);
        assertThat(empty(unused, used, emptied)).containsExactlyInAnyOrder(unused, emptied);
        assertThat(empty(used)).isEmpty();
    }

    @Test
    void doesNotCallATopicEmptyThatWasDeletedSinceItWasDescribed() throws Exception {
        var deleted = topic("deleted");
        var kept = topic("kept");
        var described = cluster.describe(Set.of(deleted, kept)).await(20, TimeUnit.SECONDS);
        broker.topics().deleteTopic(deleted);
        assertThat(cluster.empty(described.values()).await(20, TimeUnit.SECONDS))
                .containsExactly(kept);
    }
}
