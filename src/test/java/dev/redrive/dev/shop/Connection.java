package dev.redrive.dev.shop;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The way to the broker, with what all clients of the shop have in common: text, from the beginning. */
public record Connection(String bootstrapServers) {

    /** With offsets committed by hand. */
    Map<String, Object> consumer(String group) {
        var settings = new HashMap<String, Object>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        // A replay is a transaction; what it has not committed is not there yet.
        settings.put("isolation.level", "read_committed");
        settings.put("session.timeout.ms", 6_000);
        settings.put("heartbeat.interval.ms", 500);
        settings.put("key.deserializer", StringDeserializer.class);
        settings.put("value.deserializer", StringDeserializer.class);
        settings.put("enable.metrics.push", false);
        return settings;
    }

    Map<String, Object> producer() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                StringSerializer.class,
                "enable.metrics.push",
                false);
    }
}
