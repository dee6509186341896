package dev.redrive.convention;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Payload;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * bakdata's envelopes, {@code com.bakdata.kafka.AvroDeadLetterConverter} and {@code ProtoDeadLetterConverter} 2.2, in
 * Confluent's wire format: 0x00, the schema's id in 4 bytes, for protobuf the message's index, then the message. They
 * are read without a registry by the schemas of bakdata's own release, strictly, so that other values do not match.
 * {@code input_value} is how the value printed, not its bytes: the original has to be fetched.
 */
final class BakdataEnvelope implements Convention {
    static final String ID = "bakdata-error-handling";
    private static final int HEAD = 5;
    private static final Pattern CLASS_NAME = Pattern.compile("[\\p{Alpha}_$][\\w$]*(?:\\.[\\w$]+)+");

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        Buffer value = evidence.value();
        if (value == null || value.length() <= HEAD || value.getByte(0) != 0) {
            return null;
        }
        Hop hop = avro(value);
        if (hop == null && value.getByte(HEAD) == 0) {
            hop = proto(Protobuf.read(value.getBuffer(HEAD + 1, value.length())));
        }
        if (hop == null) {
            return null;
        }
        Sighting sighting = Sighting.of(hop.detail("schemaNeeded", "true"));
        return hop.topic() != null && hop.partition() != null && hop.offset() != null
                ? sighting.pointing(Payload.REPORT)
                : sighting.without(Payload.REPORT);
    }

    /** The order of the fields is that of DeadLetter.avsc. */
    private static @Nullable Hop avro(Buffer value) {
        var avro = new AvroCursor(value, HEAD);
        avro.optionalText();
        String topic = avro.optionalText();
        Long partition = avro.optionalLong();
        Long offset = avro.optionalLong();
        String description = avro.text();
        String errorClass = avro.optionalText();
        String message = avro.optionalText();
        String stackTrace = avro.optionalText();
        // The first releases had no timestamp.
        Long timestamp = avro.isAtEnd() ? null : avro.optionalLong();
        boolean said = errorClass != null || message != null || stackTrace != null;
        // A record of small numbers reads as a letter that says nothing.
        if (!avro.readExactlyAll() || description == null || description.isEmpty() || !said) {
            return null;
        }
        return hop("avro-confluent:com.bakdata.kafka.DeadLetter", topic, partition, offset)
                .timestamp(known(timestamp))
                .failed(new Failure(errorClass, null, message, stackTrace, null))
                .detail("description", description);
    }

    /** bakdata.kafka.proto.v1.ProtoDeadLetter. */
    private static @Nullable Hop proto(@Nullable Protobuf message) {
        Protobuf cause = message == null ? null : Protobuf.read(message.bytes(2));
        String topic = message == null ? null : Text.topic(message.wrappedText(4));
        if (message == null || cause == null || !message.hasOnly(7) || !cause.hasOnly(3)) {
            return null;
        }
        // Without a topic (a punctuator's) only a class beside a description tells it from any other message.
        if (topic == null && (!isClassName(cause.wrappedText(3)) || message.text(1) == null)) {
            return null;
        }
        Protobuf time = Protobuf.read(message.bytes(7));
        Long seconds = time == null ? null : time.number(1);
        Long nanos = time == null ? null : time.number(2);
        boolean timed = seconds != null && nanos != null && seconds < Long.MAX_VALUE / 1000 - 1;
        return hop(
                        "protobuf-confluent:bakdata.kafka.proto.v1.ProtoDeadLetter",
                        topic,
                        message.wrappedNumber(5),
                        message.wrappedNumber(6))
                .timestamp(
                        timed && seconds != null && nanos != null ? (Long) (seconds * 1000 + nanos / 1_000_000) : null)
                .failed(new Failure(cause.wrappedText(3), null, cause.wrappedText(1), cause.wrappedText(2), null))
                .detail("description", message.text(1));
    }

    private static Hop hop(String envelope, @Nullable String topic, @Nullable Long partition, @Nullable Long offset) {
        return Hop.at(ID, Text.topic(topic), Block.narrow(known(partition)), known(offset))
                .detail("envelope", envelope);
    }

    private static boolean isClassName(@Nullable String text) {
        return text != null && CLASS_NAME.matcher(text).matches();
    }

    private static @Nullable Long known(@Nullable Long number) {
        return number == null || number < 0 ? null : number;
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
