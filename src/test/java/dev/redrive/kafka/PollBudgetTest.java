package dev.redrive.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class PollBudgetTest {

    private static final int RECORD = 1 << 18;
    private static final int BUDGET = 1 << 20;
    private static final int RECORDS = 60;

    /** A refused record is offered again: none is lost, none comes twice, and the position never runs ahead. */
    @Test
    void endsPollsAtItsBytesAndLosesNothing() {
        var topic = "budget-" + UUID.randomUUID();
        var broker = Broker.shared().topics();
        broker.createTopic(topic, 3);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < RECORDS; i++) {
            // One larger than the whole budget, which must come through all the same.
            records.add(new ProducerRecord<>(topic, i % 3, null, new byte[i == 30 ? 2 * BUDGET : RECORD]));
        }
        broker.produceAll(records);
        var budget = new PollBudget(BUDGET);
        var offsets = new TreeMap<Integer, List<Long>>();
        var ranAhead = new ArrayList<TopicPartition>();
        var largest = new ArrayList<Integer>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", Broker.shared().bootstrapServers(), "auto.offset.reset", "none"),
                new ByteArrayDeserializer(),
                budget)) {
            var partitions =
                    List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Eventually.until(Duration.ofSeconds(30), () -> {
                budget.renew();
                var bytes = 0;
                var polled = consumer.poll(Duration.ofMillis(100));
                for (var record : polled) {
                    offsets.computeIfAbsent(record.partition(), none -> new ArrayList<>())
                            .add(record.offset());
                    bytes += record.value().length;
                }
                for (var partition : polled.partitions()) {
                    var last = polled.records(partition)
                            .get(polled.records(partition).size() - 1);
                    if (consumer.position(partition) != last.offset() + 1) {
                        ranAhead.add(partition);
                    }
                }
                largest.add(polled.count() == 1 ? 0 : bytes);
                return offsets.values().stream().mapToInt(List::size).sum() >= RECORDS;
            });
        }
        var all = LongStream.range(0, RECORDS / 3).boxed().toList();
        assertThat(offsets.values()).containsExactly(all, all, all);
        assertThat(ranAhead).isEmpty();
        assertThat(largest).allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(BUDGET));
        assertThat(largest.size()).isGreaterThan(RECORDS * RECORD / BUDGET);
    }
}
