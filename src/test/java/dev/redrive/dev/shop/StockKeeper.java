package dev.redrive.dev.shop;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;

/**
 * Books stock movements with Kafka Streams, whose own handlers write what fails to {@code <topic>-dlq} (KIP-1034): a
 * value that is no JSON, and an item that the catalogue does not have yet.
 */
public final class StockKeeper implements AutoCloseable {

    static final String GROUP = "stock-keeper";

    private final KafkaStreams streams;

    /**
     * @param catalogue whether an item is known by now
     * @param state where Streams may keep files
     */
    public StockKeeper(Connection kafka, String topic, Predicate<String> catalogue, Journal journal, Path state) {
        var builder = new StreamsBuilder();
        builder.stream(
                        topic,
                        Consumed.with(
                                Serdes.String(),
                                Serdes.serdeFrom(
                                        (ignored, movement) ->
                                                movement.toBuffer().getBytes(),
                                        (ignored, bytes) -> new JsonObject(io.vertx.core.buffer.Buffer.buffer(bytes)))))
                .foreach((customer, movement) -> journal.done(GROUP, book(movement, catalogue)));
        this.streams = new KafkaStreams(builder.build(), settings(kafka, topic, state));
        streams.start();
    }

    private static Properties settings(Connection kafka, String topic, Path state) {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, GROUP);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        settings.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, topic + "-dlq");
        settings.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        settings.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.consumerPrefix("isolation.level"), "read_committed");
        settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
        settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 500);
        settings.put("enable.metrics.push", false);
        return settings;
    }

    /** Thrown by code that trusts the catalogue to be quicker than the truck. */
    static final class UnknownItemException extends RuntimeException {
        UnknownItemException(String item) {
            super("Item " + item + " is not in the catalogue");
        }
    }

    private static String book(JsonObject movement, Predicate<String> catalogue) {
        var item = movement.getString("item");
        if (!catalogue.test(item)) {
            throw new UnknownItemException(item);
        }
        return movement.getString("id");
    }

    @Override
    public void close() {
        streams.close(java.time.Duration.ofSeconds(10));
    }
}
