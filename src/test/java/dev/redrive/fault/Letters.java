package dev.redrive.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Numbered dead letters of one topic, ten keys by turns, and the proof that each came back to it once and in order. */
final class Letters {

    private static final int KEYS = 10;

    final String origin;
    final String topic;
    private final FaultDesk desk;
    private int written;

    Letters(FaultDesk desk, String origin) {
        this.desk = desk;
        this.origin = origin;
        this.topic = origin + "-dlt";
        desk.broker.topics().createTopic(origin, 3);
        desk.broker.topics().createTopic(topic, 3);
    }

    /** Acknowledged when this returns. */
    Letters write(int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = written; i < written + count; i++) {
            records.add(new ProducerRecord<>(
                    topic,
                    i % KEYS % 3,
                    ("key-" + i % KEYS).getBytes(UTF_8),
                    Integer.toString(i).getBytes(UTF_8),
                    headers(i)));
        }
        desk.broker.topics().produceAll(records);
        written += count;
        return this;
    }

    /** As Spring writes them. Far from where replays arrive: a letter from there would be taken for one that came back. */
    private List<Header> headers(int number) {
        return List.of(
                BrokerTopics.header("kafka_dlt-exception-fqcn", "com.acme.Failed".getBytes(UTF_8)),
                BrokerTopics.header("kafka_dlt-exception-message", "it failed".getBytes(UTF_8)),
                BrokerTopics.header("kafka_dlt-original-topic", origin.getBytes(UTF_8)),
                BrokerTopics.header(
                        "kafka_dlt-original-partition", ByteBuffer.allocate(4).array()),
                BrokerTopics.header(
                        "kafka_dlt-original-offset",
                        ByteBuffer.allocate(8).putLong(1_000_000 + number).array()));
    }

    int written() {
        return written;
    }

    String open() {
        return "is:open topic:" + topic;
    }

    /** Returns when all that were written are stored. */
    Letters awaitStored() {
        desk.awaitLetters(written, "topic:" + topic);
        return this;
    }

    /** As {@link #awaitStored}, after faults that take their time to be over. */
    void awaitAllStored() {
        Eventually.until(
                FaultDesk.PATIENCE.multipliedBy(2), written + " letters", () -> desk.hits("topic:" + topic) == written);
    }

    /** @return the id of a job over all that are open */
    String replay() {
        return desk.order(open(), new JsonObject());
    }

    /** Letters without a committed record in their origin, records too many, and keys that lost their order. */
    record Verdict(int lost, int twice, int keysOutOfOrder) {}

    Verdict verdict() {
        var numbers = new ArrayList<Integer>();
        Map<String, List<Integer>> byKey = new HashMap<>();
        for (var record : desk.broker.topics().read(origin)) {
            int number = Integer.parseInt(new String(record.value(), UTF_8));
            numbers.add(number);
            byKey.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                    .add(number);
        }
        int distinct = new HashSet<>(numbers).size();
        int disordered = (int) byKey.values().stream()
                .filter(key -> !key.equals(key.stream().sorted().toList()))
                .count();
        return new Verdict(written - distinct, numbers.size() - distinct, disordered);
    }

    /** A transaction is committed before its marks are in every log, and until then readers stop in front of it. */
    void awaitMarks() {
        var places = IntStream.range(0, 3)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(origin, partition), partition -> OffsetSpec.latest()));
        Eventually.until(
                FaultDesk.PATIENCE,
                "no open transaction in " + origin,
                () -> ends(places, IsolationLevel.READ_COMMITTED)
                        .equals(ends(places, IsolationLevel.READ_UNCOMMITTED)));
    }

    private List<Long> ends(Map<TopicPartition, OffsetSpec> places, IsolationLevel level) throws Exception {
        var found = desk.broker
                .admin()
                .listOffsets(places, new ListOffsetsOptions(level))
                .all()
                .get(10, TimeUnit.SECONDS);
        return places.keySet().stream()
                .map(place -> Objects.requireNonNull(found.get(place)).offset())
                .toList();
    }

    void provenOnce() {
        awaitMarks();
        assertThat(verdict()).isEqualTo(new Verdict(0, 0, 0));
    }
}
