package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A service that takes orders, group {@code orders-svc}: an amount that is no number goes to {@code <topic>-dlt} with
 * the headers of Spring Kafka, and the group goes on. Commits after each record.
 */
final class OrderConsumer implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private volatile boolean stopping;

    OrderConsumer(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "group.id", "orders-svc",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false",
                        "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
        thread = new Thread(() -> run(topic), "orders-svc");
        thread.start();
    }

    private void run(String topic) {
        consumer.subscribe(List.of(topic));
        while (!stopping) {
            for (var order : consumer.poll(Duration.ofMillis(100))) {
                try {
                    new JsonObject(new String(order.value(), UTF_8)).getNumber("amount");
                } catch (ClassCastException refused) {
                    deadLetter(order, refused);
                }
                consumer.commitSync();
            }
        }
    }

    private void deadLetter(ConsumerRecord<byte[], byte[]> order, Exception refused) {
        var headers = new RecordHeaders(order.headers());
        new HashMap<>(Map.of(
                        "kafka_dlt-exception-fqcn", utf8(refused.getClass().getName()),
                        "kafka_dlt-exception-message", utf8("amount of " + order.offset() + " is no number"),
                        "kafka_dlt-original-topic", utf8(order.topic()),
                        "kafka_dlt-original-partition",
                                ByteBuffer.allocate(4).putInt(order.partition()).array(),
                        "kafka_dlt-original-offset",
                                ByteBuffer.allocate(8).putLong(order.offset()).array(),
                        "kafka_dlt-original-consumer-group", utf8("orders-svc")))
                .forEach(headers::add);
        producer.send(new ProducerRecord<>(order.topic() + "-dlt", null, order.key(), order.value(), headers));
        producer.flush();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(10_000);
        consumer.close();
        producer.close();
    }
}
