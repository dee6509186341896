package dev.redrive.ingest;

import dev.redrive.convention.Conventions;
import dev.redrive.grouping.Fingerprinter;
import dev.redrive.grouping.NewGroup;
import dev.redrive.ingest.NewLetter.Bytes;
import dev.redrive.ingest.NewLetter.Place;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Arrival.TimestampType;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.HeaderCodec;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import dev.redrive.letter.StackTraceText;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes letters of records. Pure but for the clock, so it runs on any thread; the costly part of ingest, so it runs
 * off the event loop.
 */
final class Intake {

    /** Larger values lie in pieces beside the row: a row of megabytes makes every read of it slow. */
    static final int INLINE_BYTES = 256 * 1024;

    private final String cluster;
    private final int maxBodyBytes;
    private final Conventions conventions;
    private final TopicList topics;
    private final Clock clock;

    /** @param maxBodyBytes a larger value is not stored; the letter then points at Kafka */
    Intake(String cluster, int maxBodyBytes, Conventions conventions, TopicList topics, Clock clock) {
        this.cluster = cluster;
        this.maxBodyBytes = maxBodyBytes;
        this.conventions = conventions;
        this.topics = topics;
        this.clock = clock;
    }

    /** Everything the record tells. */
    NewLetter whole(Polled polled) {
        var arrival = arrival(polled);
        var reading = conventions.read(arrival, topics.name(polled.record().topic()));
        // Where it is cut the header no longer equals it and keeps its own bytes.
        var text = DerivedText.bounded(reading.failure().stackTrace(), StackTraceText.MAX_BYTES);
        var trace = text == null ? null : StackTraceText.split(text);
        var place = place(polled);
        var bytes = bytes(arrival.content(), trace, reading.unwrapped());
        return new NewLetter(
                place,
                bytes,
                DerivedColumns.of(arrival, reading, bytes.storage() != Storage.POINTER),
                group(polled, place, reading));
    }

    /** Its bytes, and nothing that was read from them: for a record of which Postgres refused what was read. */
    NewLetter raw(Polled polled, String reason) {
        return unread(polled, reason, bytes(arrival(polled).content(), null, null));
    }

    /** Where it lies and what its bytes hash to: for a record that Postgres refuses even as bytes. */
    NewLetter pointer(Polled polled, String reason) {
        var content = arrival(polled).content();
        return unread(polled, reason, pointer(content, null));
    }

    private NewLetter unread(Polled polled, String reason, Bytes bytes) {
        var nothing = new Reading(
                Reading.UNKNOWN,
                Origin.UNKNOWN,
                Failure.UNKNOWN,
                null,
                Payload.PRESENT,
                bytes.storage() != Storage.POINTER,
                List.of(),
                null,
                Map.of("refused", reason));
        var place = place(polled);
        return new NewLetter(place, bytes, DerivedColumns.unread(nothing), group(polled, place, nothing));
    }

    private Bytes bytes(Content content, @Nullable StackTraceText trace, @Nullable Content unwrapped) {
        var value = content.value();
        if (value != null && value.length() > maxBodyBytes) {
            return pointer(content, trace);
        }
        var joined = trace == null ? null : StackTraceText.join(trace.frames(), trace.messages());
        return new Bytes(
                value != null && value.length() > INLINE_BYTES ? Storage.CHUNKED : Storage.INLINE,
                content.key(),
                value,
                value == null ? null : (long) value.length(),
                HeaderCodec.encode(content.headers(), joined),
                trace,
                unwrapped == null ? null : ContentCodec.encode(unwrapped),
                ContentCodec.hash(content));
    }

    private static Bytes pointer(Content content, @Nullable StackTraceText trace) {
        var value = content.value();
        return new Bytes(
                Storage.POINTER,
                null,
                null,
                value == null ? null : (long) value.length(),
                null,
                trace,
                null,
                ContentCodec.hash(content));
    }

    private static NewGroup group(Polled polled, Place place, Reading reading) {
        var topic = polled.record().topic();
        return new NewGroup(
                Fingerprinter.of(topic, reading),
                DerivedText.bounded(reading.origin().topic(), DerivedColumns.TOPIC_BYTES),
                topic,
                DerivedText.bounded(reading.origin().consumerGroup(), DerivedColumns.NAME_BYTES),
                reading.convention(),
                place.failedAt());
    }

    private Place place(Polled polled) {
        var record = polled.record();
        return new Place(
                polled.binding().topicRef(),
                record.partition(),
                record.offset(),
                polled.epoch(),
                record.timestamp(),
                (short) record.timestampType().id,
                failedAt(record.timestamp()));
    }

    /** A record may claim any time; what sorts letters lies between 1970 and now. */
    private Instant failedAt(long timestamp) {
        return Instant.ofEpochMilli(Math.max(0, Math.min(timestamp, clock.millis())));
    }

    private Arrival arrival(Polled polled) {
        var record = polled.record();
        var position = new Position(
                cluster,
                record.topic(),
                polled.binding().topicId(),
                record.partition(),
                record.offset(),
                polled.epoch());
        return arrival(record, position);
    }

    static Arrival arrival(ConsumerRecord<byte[], byte[]> record, Position position) {
        return new Arrival(position, record.timestamp(), type(record), content(record));
    }

    private static TimestampType type(ConsumerRecord<byte[], byte[]> record) {
        return TimestampType.valueOf(record.timestampType().name());
    }

    private static Content content(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        for (var header : record.headers()) {
            headers.add(new Header(header.key(), buffer(header.value())));
        }
        return new Content(buffer(record.key()), buffer(record.value()), headers);
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }
}
