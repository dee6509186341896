package dev.redrive.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class BrokerTest {

    private static final byte[] VALUE = "value".getBytes(UTF_8);

    @Test
    void readsBackWhatWasWrittenWithHeaders() {
        var topics = Broker.shared().topics();
        topics.createTopic("testkit.headers", 3);
        topics.produce(
                "testkit.headers",
                "key".getBytes(UTF_8),
                VALUE,
                BrokerTopics.header("twice", VALUE),
                BrokerTopics.header("twice", null));
        var records = topics.read("testkit.headers");
        assertThat(records).hasSize(1);
        assertThat(records.get(0).value()).isEqualTo(VALUE);
        assertThat(records.get(0).headers().toArray())
                .extracting(header -> header.value())
                .containsExactly(VALUE, null);
    }

    @Test
    void isLentInTheThreadOfATestAlone() {
        assertThat(Broker.shared()).isSameAs(Broker.shared());
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(Broker::shared).join())
                .hasMessageContaining("in the thread of the test");
    }

    @Test
    void speaksTheTransactionsThatReplaysNeed() throws Exception {
        var features =
                Broker.shared().admin().describeFeatures().featureMetadata().get(10, TimeUnit.SECONDS);
        assertThat(features.finalizedFeatures())
                .extractingByKey("transaction.version")
                .extracting(FinalizedVersionRange::maxVersionLevel)
                .isEqualTo((short) 2);
    }

    @Test
    void showsAnAbortedRecordOnlyToWhoAsksForIt() {
        var broker = Broker.shared();
        broker.topics().createTopic("testkit.aborted", 1);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "testkit"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("testkit.aborted", VALUE));
            producer.flush();
            producer.abortTransaction();
        }
        assertThat(broker.topics().read("testkit.aborted")).isEmpty();
        assertThat(broker.topics().read("testkit.aborted", IsolationLevel.READ_UNCOMMITTED))
                .hasSize(1);
    }

    @Test
    void createsNoTopicUnasked() {
        var topics = Broker.shared().topics();
        topics.createTopic("testkit.gone", 1);
        topics.deleteTopic("testkit.gone");
        assertThatThrownBy(() -> topics.deleteTopic("testkit.gone")).hasMessageContaining("does not host");
    }

    @Test
    void keepsItsRecordsThroughAKill() {
        try (var own = Broker.own()) {
            own.topics().createTopic("kept", 1);
            own.topics().produce("kept", null, VALUE);
            own.kill();
            own.start();
            assertThat(own.topics().read("kept")).hasSize(1);
            own.pause();
            own.resume();
            own.topics().produce("kept", null, VALUE);
            assertThat(own.topics().read("kept")).hasSize(2);
        }
    }

    @Test
    void saysWhyItEndedInsteadOfWaitingForIt() {
        var directory = Path.of("target", "testkit", "kafka-" + UUID.randomUUID());
        assertThatThrownBy(() -> Broker.in(directory, Map.of("num.io.threads", "none")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("num.io.threads");
    }
}
