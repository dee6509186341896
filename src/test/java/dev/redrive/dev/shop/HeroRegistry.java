package dev.redrive.dev.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Registers heroes with the bare Kafka client. Somebody wrote its dead letters in an afternoon: {@code <topic>-dlq},
 * one header with the message, no word on where the record came from.
 */
public final class HeroRegistry implements AutoCloseable {

    static final String GROUP = "hero-registry";

    private final String topic;
    private final Journal journal;
    private final KafkaConsumer<String, String> consumer;
    private final KafkaProducer<String, String> producer;
    private final Thread loop;

    public HeroRegistry(Connection kafka, String topic, Journal journal) {
        this.topic = topic;
        this.journal = journal;
        this.consumer = new KafkaConsumer<>(kafka.consumer(GROUP));
        this.producer = new KafkaProducer<>(kafka.producer());
        this.loop = new Thread(this::run, GROUP);
        loop.setDaemon(true);
        loop.start();
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(java.util.List.of(topic));
            while (true) {
                consumer.poll(Duration.ofMillis(500)).forEach(this::take);
                consumer.commitSync();
            }
        } catch (WakeupException closed) {
            producer.close();
        }
    }

    private void take(ConsumerRecord<String, String> record) {
        try {
            journal.done(GROUP, register(new JsonObject(record.value())));
        } catch (RuntimeException e) {
            var letter = new ProducerRecord<>(topic + "-dlq", record.key(), record.value());
            letter.headers().add("error", String.valueOf(e.getMessage()).getBytes(UTF_8));
            producer.send(letter);
            producer.flush();
        }
    }

    private static String register(JsonObject hero) {
        var power = hero.getString("power");
        if (power == null) {
            throw new IllegalArgumentException(
                    "Hero " + hero.getString("id") + " has no power; sidekicks are upstairs");
        }
        return hero.getString("id");
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            loop.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
