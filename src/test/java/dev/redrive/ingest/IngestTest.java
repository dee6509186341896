package dev.redrive.ingest;

import static dev.redrive.testkit.BrokerTopics.header;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestTest {

    private final BrokerTopics broker = Broker.shared().topics();
    private final Rig rig =
            new Rig(Broker.shared().bootstrapServers(), Postgres.shared().freshDatabase());
    private final String topic = rig.topic("orders-dlq");

    @BeforeEach
    void createTopic() {
        broker.createTopic(topic, 1);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void produce(String to, int from, int until) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < until; i++) {
            records.add(new ProducerRecord<>(to, bytes("k" + i), bytes("v" + i)));
        }
        broker.produceAll(records);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void storesARecordOnceAndMovesItsPositionAndCommitsToKafka() throws Exception {
        broker.produce(topic, bytes("k"), bytes("v"), header("kafka_dlt-original-topic", bytes("orders")));
        produce(topic, 1, 700);
        rig.start().awaitLetters(700);
        assertThat(rig.position(topic, 0)).isEqualTo(700);
        rig.assertCountersAgree();
        assertThat(rig.contents(topic).get(0).original().key()).hasToString("k");
        Eventually.untilAsserted(Rig.SOON, () -> assertThat(committed()).isEqualTo(700));
        Eventually.untilAsserted(
                Rig.SOON,
                () -> assertThat(rig.status().partitions())
                        .singleElement()
                        .satisfies(partition -> assertThat(partition.lag()).isZero()));
    }

    private long committed() throws Exception {
        var offsets = broker.admin()
                .listConsumerGroupOffsets(rig.cluster().groupId())
                .partitionsToOffsetAndMetadata()
                .get(10, TimeUnit.SECONDS);
        return requireNonNull(offsets.get(new TopicPartition(topic, 0))).offset();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000})
    @DisplayName("L-04, L-05: a committed offset moved forward or back is ignored")
    void ignoresTheOffsetOfKafka(long moved) throws Exception {
        produce(topic, 0, 20);
        rig.start().awaitLetters(20);
        rig.stop();
        broker.admin()
                .alterConsumerGroupOffsets(
                        rig.cluster().groupId(), Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(moved)))
                .all()
                .get(10, TimeUnit.SECONDS);
        produce(topic, 20, 25);
        rig.start().awaitLetters(25);
        assertThat(rig.position(topic, 0)).isEqualTo(25);
        assertThat(duplicates()).isZero();
    }

    private double duplicates() {
        var counter = rig.registry
                .find("redrive.ingest.records")
                .tag("result", "duplicate")
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    @DisplayName("L-10: a topic made again while Redrive was stopped is another topic")
    void readsATopicMadeAgainWhileStopped() {
        produce(topic, 0, 10);
        rig.start().awaitLetters(10);
        rig.stop();
        broker.deleteTopic(topic);
        broker.createTopic(topic, 1);
        produce(topic, 100, 115);
        rig.start().awaitLetters(25);
        assertThat(rig.number("SELECT count(*) FROM dead_letter_topic")).isEqualTo(2);
        assertThat(rig.gaps)
                .singleElement()
                .satisfies(gap -> assertThat(gap.cause()).isEqualTo(Gap.Cause.RECREATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    @DisplayName("L-09, L-11: a topic made again while Redrive reads it is read once from its start")
    void readsATopicMadeAgainWhileRunning(String protocol) {
        rig.protocol(protocol);
        produce(topic, 0, 10);
        rig.start().awaitLetters(10);
        broker.deleteTopic(topic);
        broker.createTopic(topic, 1);
        produce(topic, 100, 115);
        rig.awaitLetters(25);
        assertThat(rig.number(
                        "SELECT count(*) FROM dead_letter WHERE topic_ref = (SELECT max(id) FROM dead_letter_topic)"))
                .isEqualTo(15);
        assertThat(rig.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(Gap.Cause.RECREATION);
            assertThat(gap.from()).isEqualTo(10);
        });
        rig.assertCountersAgree();
    }

    @Test
    @DisplayName("L-12: of a transactional producer that aborts half only the committed letters are stored")
    void storesOnlyWhatWasCommitted() {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", Broker.shared().bootstrapServers(), "transactional.id", topic),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 10; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, bytes("k" + i), bytes(i % 2 == 0 ? "good" : "bad")));
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
        rig.start().awaitLetters(5);
        assertThat(rig.contents(topic))
                .allSatisfy(letter -> assertThat(letter.original().value()).hasToString("good"));
    }

    @Test
    @DisplayName("L-15: a topic that appears with one record is read within 15 s")
    void readsATopicThatAppears() {
        rig.start();
        produce(topic, 0, 1);
        rig.awaitLetters(1);
        var late = rig.topic("late.DLT");
        broker.createTopic(late, 2);
        produce(late, 0, 1);
        Eventually.until(Duration.ofSeconds(15), () -> rig.letters() == 2);
    }

    @Test
    @DisplayName("L-16: the first records of partitions added under load are stored")
    void readsAddedPartitions() throws Exception {
        produce(topic, 0, 50);
        rig.start().awaitLetters(50);
        broker.admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                .all()
                .get(10, TimeUnit.SECONDS);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < 40; i++) {
            records.add(new ProducerRecord<>(topic, i % 4, null, bytes("new" + i)));
        }
        Eventually.until(Rig.SOON, () -> broker.describe(topic).partitions().size() == 4);
        broker.produceAll(records);
        rig.awaitLetters(90);
    }

    @Test
    @DisplayName("L-13 (deleted, as retention does): records gone before they were read are a gap with exact offsets")
    void namesWhatRetentionTook() throws Exception {
        produce(topic, 0, 5);
        rig.start().awaitLetters(5);
        rig.stop();
        produce(topic, 5, 20);
        broker.admin()
                .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(12)))
                .all()
                .get(10, TimeUnit.SECONDS);
        rig.start().awaitLetters(13);
        assertThat(rig.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(Gap.Cause.RETENTION);
            assertThat(List.of(gap.from(), gap.to())).containsExactly(5L, 12L);
        });
    }

    @Test
    void sharesPartitionsBetweenSeveralMembers() {
        var wide = rig.topic("wide-dlt");
        broker.createTopic(wide, 4);
        rig.instances(2).start();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < 400; i++) {
            records.add(new ProducerRecord<>(wide, i % 4, null, bytes("v" + i)));
        }
        broker.produceAll(records);
        rig.awaitLetters(400);
        rig.assertCountersAgree();
    }
}
