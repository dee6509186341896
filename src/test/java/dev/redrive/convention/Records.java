package dev.redrive.convention;

import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records of a dead-letter topic, header by header. */
final class Records {
    private final String topic;
    private final List<Header> headers = new ArrayList<>();
    private @Nullable Buffer key = Buffer.buffer("k");
    private @Nullable Buffer value = Buffer.buffer("v");
    private long timestamp = 1_000;
    private Arrival.TimestampType timestampType = Arrival.TimestampType.CREATE_TIME;

    private Records(String topic) {
        this.topic = topic;
    }

    static Records in(String topic) {
        return new Records(topic);
    }

    Records with(String name, @Nullable String text) {
        return with(name, text == null ? null : Buffer.buffer(text));
    }

    Records with(String name, @Nullable Buffer bytes) {
        headers.add(new Header(name, bytes));
        return this;
    }

    Records i32(String name, int number) {
        return with(name, Buffer.buffer().appendInt(number));
    }

    Records i64(String name, long number) {
        return with(name, Buffer.buffer().appendLong(number));
    }

    Records key(@Nullable Buffer bytes) {
        key = bytes;
        return this;
    }

    Records value(@Nullable Buffer bytes) {
        value = bytes;
        return this;
    }

    Records value(String text) {
        return value(Buffer.buffer(text));
    }

    Records at(long millis) {
        timestamp = millis;
        return this;
    }

    Records stampedByTheBroker() {
        timestampType = Arrival.TimestampType.LOG_APPEND_TIME;
        return this;
    }

    /** One block of Spring's recoverer, as 2.8 and later append it. */
    Records spring(String from, long offset, @Nullable String group) {
        with("kafka_dlt-original-topic", from)
                .i32("kafka_dlt-original-partition", 3)
                .i64("kafka_dlt-original-offset", offset)
                .i64("kafka_dlt-original-timestamp", 1_700_000_000_000L)
                .with("kafka_dlt-original-timestamp-type", "CreateTime");
        return group == null ? this : with("kafka_dlt-original-consumer-group", group);
    }

    Records springException(String type) {
        return with("kafka_dlt-exception-fqcn", type).with("kafka_dlt-exception-message", "why " + type);
    }

    Records connect(String from, long offset, String connector) {
        return with("__connect.errors.topic", from)
                .with("__connect.errors.partition", "0")
                .with("__connect.errors.offset", Long.toString(offset))
                .with("__connect.errors.connector.name", connector)
                .with("__connect.errors.exception.class.name", "connect.E" + offset);
    }

    Records streams(@Nullable String from, long offset) {
        return with("__streams.errors.exception", "streams.E" + offset)
                .with("__streams.errors.message", (String) null)
                .with("__streams.errors.stacktrace", "streams.E\n\tat a.B.c(B.java:1)")
                .with("__streams.errors.topic", from)
                .with("__streams.errors.partition", "1")
                .with("__streams.errors.offset", Long.toString(offset));
    }

    Records smallRye(String from, long offset) {
        return with("dead-letter-exception-class-name", "smallrye.E" + offset)
                .with("dead-letter-reason", "reason " + offset)
                .with("dead-letter-topic", from)
                .with("dead-letter-partition", "2")
                .with("dead-letter-offset", Long.toString(offset));
    }

    Records binder(String from, long offset) {
        return with("x-original-topic", from)
                .i32("x-original-partition", 1)
                .i64("x-original-offset", offset)
                .i64("x-original-timestamp", 5)
                .with("x-exception-fqcn", "binder.E" + offset);
    }

    Arrival arrival() {
        var position = new Position("cluster", topic, new UUID(0, 7), 0, 0, 0);
        return new Arrival(position, timestamp, timestampType, new Content(key, value, headers));
    }

    Reading read() {
        return Conventions.standard().read(arrival());
    }

    boolean recognised() {
        return Conventions.standard().recognises(arrival());
    }
}
