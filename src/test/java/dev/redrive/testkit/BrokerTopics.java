package dev.redrive.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Creates topics, writes and reads records, in bytes. Every call blocks until the broker has answered, 30 s at most. */
public final class BrokerTopics implements AutoCloseable {

    private static final long SECONDS = 30;

    private final String bootstrapServers;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    BrokerTopics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers,
                "reconnect.backoff.ms", 50,
                "reconnect.backoff.max.ms", 200,
                "default.api.timeout.ms", 10_000,
                "request.timeout.ms", 5_000));
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "max.request.size",
                        90 << 20,
                        "buffer.memory",
                        100 << 20,
                        "linger.ms",
                        0,
                        // A leader that is just made may refuse the first batch and take the second: with several in
                        // flight that ends in OutOfOrderSequenceException until the time is over.
                        "max.in.flight.requests.per.connection",
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public Admin admin() {
        return admin;
    }

    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Returns when the broker knows leaders for all partitions, so that a producer need not wait. */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        var topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
        answer(admin.createTopics(List.of(topic)).all());
        Eventually.until(
                Duration.ofSeconds(SECONDS),
                "leaders of " + name,
                () -> describe(name).partitions().stream().allMatch(partition -> partition.leader() != null));
    }

    /** Partitions, their leaders and the id of this incarnation. */
    public TopicDescription describe(String topic) {
        return answer(Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic)));
    }

    /** Returns when the broker does not list the topic any more. */
    public void deleteTopic(String name) {
        answer(admin.deleteTopics(List.of(name)).all());
        Eventually.until(
                Duration.ofSeconds(SECONDS),
                name + " to be gone",
                () -> !answer(admin.listTopics().names()).contains(name));
    }

    /** A header for {@link #produce}; its value may be absent. */
    public static Header header(String name, byte @Nullable [] value) {
        return new RecordHeader(name, value);
    }

    /** Of a record without headers, to a partition by its key. */
    public RecordMetadata produce(String topic, byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        return produce(new ProducerRecord<>(topic, null, null, key, value, List.of(headers)));
    }

    /** Written and acknowledged when this returns. */
    public RecordMetadata produce(ProducerRecord<byte[], byte[]> record) {
        return produceAll(List.of(record)).get(0);
    }

    /** In order; written and acknowledged when this returns. */
    public List<RecordMetadata> produceAll(List<ProducerRecord<byte[], byte[]>> records) {
        var sent = records.stream().map(record -> producer.send(record)).toList();
        producer.flush();
        return sent.stream().map(BrokerTopics::answer).toList();
    }

    /** All records from the start to the end that the isolation shows now, partition by partition. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic, IsolationLevel isolation) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("enable.metrics.push", false);
        settings.put("isolation.level", isolation.toString().toLowerCase(Locale.ROOT));
        settings.put("max.partition.fetch.bytes", 90 << 20);
        settings.put("fetch.max.bytes", 90 << 20);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            var ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            Eventually.until(Duration.ofSeconds(SECONDS), "the end of " + topic, () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            return found.stream()
                    .filter(record ->
                            record.offset() < ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L))
                    .sorted(Comparator.comparingInt(ConsumerRecord::partition))
                    .toList();
        }
    }

    /** What is committed in the topic. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return read(topic, IsolationLevel.READ_COMMITTED);
    }

    private static <T> T answer(KafkaFuture<T> future) {
        return answer((Future<T>) future.toCompletionStage().toCompletableFuture());
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("The broker did not answer within " + SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the broker", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }
}
