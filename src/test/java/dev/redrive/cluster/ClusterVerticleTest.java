package dev.redrive.cluster;

import static dev.redrive.cluster.WatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** On a real broker: a window is one second long. */
class ClusterVerticleTest {

    private WatchDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new WatchDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    @DisplayName("A-15: a stuck partition with a lag of 1 fires once, names its record, and is resolved once after it")
    void tellsOfAStuckPartitionFromItsBeginningToItsEnd() throws Exception {
        desk.produce("fine");
        desk.produce("p\u0000ison");
        desk.deploy();
        try (var member = desk.member(1)) {
            desk.awaitState("stall");
            until(PATIENCE, () -> desk.events().equals(List.of("redrive.alert.firing")));
            var group = desk.api.json("/api/v1/consumer-groups/" + desk.group);
            assertThat(group.getInteger("members")).isEqualTo(1);
            assertThat(group.getJsonArray("partial")).isEmpty();
            var partition = group.getJsonArray("partitions").getJsonObject(0);
            assertThat(partition.getLong("lag")).isEqualTo(1);
            assertThat(desk.item().getInteger("members")).isEqualTo(1);
            assertThat(desk.item().getInteger("uncommittedPartitions")).isZero();
            var more = Map.of(desk.topic, NewPartitions.increaseTo(2));
            desk.broker.admin().createPartitions(more).all().get();
            until(PATIENCE, () -> desk.item().getInteger("uncommittedPartitions") == 1);
            var record = partition.getJsonObject("blockingRecord");
            assertThat(record.getString("offset")).isEqualTo("1");
            assertThat(record.getJsonObject("value").getString("data")).isEqualTo("p\u0000ison");

            // Another process takes over, as after a kill: it goes on from what is stored.
            desk.deploy();
            desk.awaitLooks(12);
            assertThat(desk.events()).containsExactly("redrive.alert.firing");
            desk.commit(member, 2);
            until(PATIENCE, () -> desk.events().size() == 2);
        }
        var told = desk.told();
        assertThat(told)
                .extracting(event -> event.getString("event"))
                .containsExactly("redrive.alert.firing", "redrive.alert.resolved");
        assertThat(told.get(0).getString("episode")).isEqualTo(told.get(1).getString("episode"));
        assertThat(told.get(0).getString("title")).endsWith("is stuck, 1 record behind");
        assertThat(told.get(0).encode()).doesNotContain("ison");
        assertThat(told.get(0).getString("link")).isEqualTo("https://redrive.example/ui/consumers/" + desk.group);
        assertThat(desk.item().getString("state")).isEqualTo("ok");
        assertThat(desk.metrics
                        .get("redrive.consumer.lag.records")
                        .tag("topic", desk.topic)
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void anOffsetBeyondTheEndOfTheLogIsShownAsThat() throws Exception {
        desk.produce("one");
        try (var member = desk.member(7)) {
            assertThat(member.assignment()).hasSize(1);
            desk.deploy();
            desk.awaitState("beyond");
            assertThat(desk.item().getLong("lag")).isZero();
            var partition = desk.api
                    .json("/api/v1/consumer-groups/" + desk.group)
                    .getJsonArray("partitions")
                    .getJsonObject(0);
            assertThat(partition.getString("committed")).isEqualTo("7");
            assertThat(partition.getString("logEnd")).isEqualTo("1");
            desk.commit(member, 1);
            desk.awaitState("ok");
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        desk.broker.bootstrapServers(),
                        "transactional.id",
                        UUID.randomUUID().toString()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Test
    @DisplayName("A-13: a burst of 5,000 that drains in 8 s pages nobody, though the watch saw it wait")
    void aBurstThatDrainsPagesNobody() throws Exception {
        desk.produce("first");
        try (var producer = producer();
                var member = desk.member(1)) {
            desk.deploy();
            desk.awaitState("ok");
            producer.initTransactions();
            producer.beginTransaction();
            for (int record = 0; record < 5_000; record++) {
                producer.send(new ProducerRecord<>(desk.topic, 0, null, new byte[] {1}));
            }
            producer.commitTransaction();
            until(PATIENCE, () -> desk.item().getLong("lag") > 4_000);
            // 40 steps of two looks, ten a second.
            for (long committed = 126; committed <= 5_001; committed += 125) {
                desk.commit(member, committed);
                desk.awaitLooks(2);
            }
            desk.awaitLooks(12);
            assertThat(desk.item().getLong("lag")).isZero();
            assertThat(desk.item().getString("state")).isEqualTo("ok");
            assertThat(desk.events()).isEmpty();
        }
    }

    @Test
    @DisplayName("A consumer that an open transaction keeps from reading is behind, and stuck once it could read")
    void aTransactionThatIsOpenHidesNoLag() throws Exception {
        try (var producer = producer();
                var member = desk.member(0)) {
            assertThat(member).isNotNull();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(desk.topic, 0, null, new byte[] {1}));
            producer.flush();
            desk.produce("held");
            desk.produce("held too");
            desk.deploy();
            until(PATIENCE, () -> Long.valueOf(3).equals(desk.item().getLong("lag")));
            desk.awaitLooks(15);
            assertThat(desk.item().getLong("lag")).isEqualTo(3);
            assertThat(desk.item().getString("state")).isEqualTo("ok");
            assertThat(desk.events()).isEmpty();
            producer.abortTransaction();
            desk.awaitState("stall");
            until(PATIENCE, () -> desk.events().equals(List.of("redrive.alert.firing")));
        }
    }

    @Test
    @DisplayName("A consumer that commits behind the last record of a transaction is not behind for its marker")
    void markersOfTransactionsAreNoLag() throws Exception {
        try (var producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(desk.topic, 0, null, new byte[] {1}));
            producer.commitTransaction();
        }
        desk.deploy();
        try (var member = desk.member(1)) {
            until(PATIENCE, () -> Long.valueOf(1).equals(desk.item().getLong("lag")));
            until(PATIENCE, () -> Long.valueOf(0).equals(desk.item().getLong("lag")));
            desk.awaitLooks(12);
            assertThat(desk.item().getString("state")).isEqualTo("ok");
        }
        assertThat(desk.events()).isEmpty();
    }

    @Test
    @DisplayName("A cluster that is away when Redrive first starts is told of by its name, and is over once it answers")
    void tellsOfAClusterThatItNeverMet() throws Exception {
        try (var process = desk.deployWithoutKafka()) {
            until(PATIENCE, () -> desk.events().equals(List.of("redrive.alert.firing")));
            assertThat(desk.told().get(0).getString("title")).isEqualTo("Cluster default does not answer");
            assertThat(desk.api.json("/api/v1/consumer-groups").getJsonArray("partial"))
                    .singleElement()
                    .asString()
                    .startsWith("Cluster default has not answered since ");
        }
        desk.deploy();
        until(PATIENCE, () -> desk.events().equals(List.of("redrive.alert.firing", "redrive.alert.resolved")));
    }

    @Test
    void saysWhatItDoesNotKnow() throws Exception {
        assertThat(desk.api.get("/api/v1/consumer-groups/nobody").statusCode()).isEqualTo(404);
        assertThat(desk.api.get("/api/v1/topics/unheard-of/consumer-groups").statusCode())
                .isEqualTo(404);
        var list = desk.api.json("/api/v1/consumer-groups");
        assertThat(list.getValue("asOf")).isNull();
        assertThat(list.getJsonArray("partial"))
                .containsExactly("The consumer groups of cluster default have not been measured yet");
        desk.sql(
                "INSERT INTO cluster_watch (cluster_id, failing_since) SELECT id, '2026-11-23T03:02:00Z' FROM cluster");
        assertThat(desk.api
                        .json("/api/v1/consumer-groups")
                        .getJsonArray("partial")
                        .getString(0))
                .isEqualTo("Cluster default has not answered since 2026-11-23T03:02:00.000Z: lags are older than that");
    }

    @Test
    @DisplayName("What could not be told is told later: that it was told and what is told are one transaction")
    void isToldOnlyWithItsEvent() throws Exception {
        desk.sql("ALTER TABLE alert_delivery ADD CONSTRAINT nothing_can_be_told CHECK (false)");
        desk.produce("one");
        desk.deploy();
        try (var member = desk.member(0)) {
            until(
                    PATIENCE,
                    "the alert to fire",
                    () -> desk.api.json("/api/v1/overview").getInteger("alertsFiring") == 1);
            desk.awaitLooks(3);
            desk.sql("ALTER TABLE alert_delivery DROP CONSTRAINT nothing_can_be_told");
            until(PATIENCE, () -> desk.events().equals(List.of("redrive.alert.firing")));
        }
    }
}
