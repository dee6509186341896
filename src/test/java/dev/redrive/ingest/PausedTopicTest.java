package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PausedTopicTest {

    private final BrokerTopics broker = Broker.shared().topics();
    private final Rig rig =
            new Rig(Broker.shared().bootstrapServers(), Postgres.shared().freshDatabase());
    private final String paused = rig.topic("orders-dlq");
    private final String other = rig.topic("returns-dlq");

    @AfterEach
    void close() {
        rig.close();
    }

    private void produce(String topic, int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            records.add(new ProducerRecord<>(topic, null, ("v" + i).getBytes(StandardCharsets.UTF_8)));
        }
        broker.produceAll(records);
    }

    private void pause(boolean wanted) {
        var at = wanted ? "now()" : "NULL";
        var by = wanted ? "'ana'" : "NULL";
        rig.sql("""
                INSERT INTO topic_setting (cluster_id, name, paused_at, paused_by)
                SELECT id, '%s', %s, %s FROM cluster
                ON CONFLICT (cluster_id, name) DO UPDATE
                SET paused_at = excluded.paused_at, paused_by = excluded.paused_by""".formatted(paused, at, by));
    }

    /** @return how many records of the paused topic were read while one of the other came through */
    private long producedAndRead() {
        long before = read(paused);
        produce(paused, 1);
        produceAndAwait(other);
        return read(paused) - before;
    }

    private void produceAndAwait(String topic) {
        long before = read(topic);
        produce(topic, 1);
        Eventually.untilAsserted(Rig.SOON, () -> assertThat(read(topic)).isEqualTo(before + 1));
    }

    private long read(String topic) {
        return Math.max(0, rig.position(topic, 0)) + Math.max(0, rig.position(topic, 1));
    }

    private long lag(String topic) {
        return rig.status().partitions().stream()
                .filter(partition -> partition.topic().equals(topic))
                .mapToLong(IngestStatus.PartitionStatus::lag)
                .sum();
    }

    @Test
    void isLeftAloneUntilItIsResumedWhileOthersAreRead() {
        broker.createTopic(paused, 2);
        broker.createTopic(other, 1);
        produce(paused, 10);
        rig.start().awaitLetters(10);
        pause(true);
        Eventually.untilAsserted(Rig.SOON, () -> assertThat(producedAndRead()).isZero());
        long held = read(paused);
        produce(paused, 5);
        produceAndAwait(other);
        rig.stop();
        rig.start();
        produceAndAwait(other);
        assertThat(read(paused)).isEqualTo(held);
        Eventually.untilAsserted(Rig.SOON, () -> assertThat(lag(paused)).isGreaterThanOrEqualTo(6));

        pause(false);
        Eventually.untilAsserted(Rig.SOON, () -> assertThat(lag(paused)).isZero());
        rig.assertCountersAgree();
    }

    @Test
    void saysWhichTopicsPeopleMayMissAndWhy() {
        var replica = rig.topic("orders-dlq-retry");
        broker.createTopic(paused, 1);
        broker.createTopic(replica, 1);
        rig.start();
        Eventually.untilAsserted(
                Rig.SOON,
                () -> assertThat(rig.status().notRead())
                        .anySatisfy(missed -> {
                            assertThat(missed.topic()).isEqualTo(replica);
                            assertThat(missed.why()).startsWith("a retry topic");
                        })
                        .noneMatch(missed -> missed.topic().equals(paused)));
    }
}
