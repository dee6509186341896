package dev.redrive.convention;

import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On-failure destinations of AWS Lambda's event source mapping (Developer Guide, "kafka-on-failure"): a JSON envelope
 * with the record inside, key and value in base64, header values as arrays of signed bytes. Variants made for SQS and
 * SNS hold coordinates alone.
 */
final class AwsLambda implements Convention {
    private static final String ID = "aws-lambda-esm";
    private static final String MARK = "KafkaBatchInfo";
    private static final String READABLE = "time";

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        Buffer value = evidence.value();
        if (value == null || !Bytes.contains(value, MARK)) {
            return null;
        }
        Fields envelope = Fields.of(BoundedJson.read(value.getBytes()));
        if (envelope.isEmpty() || !envelope.has(MARK) || !envelope.has("requestContext")) {
            return null;
        }
        List<Fields> records = records(envelope);
        Fields first = records.isEmpty() ? pointer(envelope) : records.get(0);
        Sighting sighting = Sighting.of(hop(envelope, first, records.size()));
        if (records.isEmpty()) {
            return sighting.pointing(Payload.ABSENT);
        }
        Content content = records.size() == 1 ? content(first) : null;
        // Taking one record out of several would lose the others.
        return content == null ? sighting.pointing(Payload.PRESENT) : sighting.unwrapping(content);
    }

    private static Hop hop(Fields envelope, Fields record, int records) {
        Fields request = envelope.at("requestContext");
        Long calls = request.number("approximateInvokeCount");
        Long timestamp = record.number("timestamp");
        String readable = record.has(READABLE)
                ? record.text(READABLE)
                : envelope.at(MARK).at("recordInfo").text("timestamp");
        return Hop.at(
                        ID,
                        Text.topic(record.text("topic")),
                        Block.narrow(record.number("partition")),
                        record.number("offset"))
                .timestamp(timestamp != null ? timestamp : Text.time(readable))
                .failed(new Failure(
                        envelope.at("responseContext").text("functionError"),
                        null,
                        request.text("condition"),
                        null,
                        calls == null || calls < 1 ? null : Block.narrow(calls)))
                .detail("envelope", "aws-lambda")
                .detail("function", request.text("functionArn"))
                .detail("records", records > 1 ? records : null);
    }

    private static List<Fields> records(Fields envelope) {
        var records = new ArrayList<Fields>();
        payload(envelope).at("records").members().forEach((partition, list) -> {
            if (list instanceof List<?> some) {
                some.forEach(record -> records.add(at(partition, Fields.of(record))));
            }
        });
        return records;
    }

    /** Made for S3 it is a text that holds the JSON. */
    private static Fields payload(Fields envelope) {
        String text = envelope.text("payload");
        return text == null
                ? envelope.at("payload")
                : Fields.of(BoundedJson.read(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Where the record itself does not say it, the key of its list, {@code topic-partition}, does. */
    private static Fields at(String key, Fields record) {
        int hyphen = key.lastIndexOf('-');
        if (hyphen <= 0) {
            return record;
        }
        return record.or("topic", key.substring(0, hyphen)).or("partition", key.substring(hyphen + 1));
    }

    /** Coordinates without a payload, of {@code recordsInfo}'s first partition; its key is {@code topic-partition}. */
    private static Fields pointer(Fields envelope) {
        Map<String, @Nullable Object> partitions =
                envelope.at(MARK).at("recordsInfo").members();
        for (Map.Entry<String, @Nullable Object> partition : partitions.entrySet()) {
            if (partition.getKey().lastIndexOf('-') > 0) {
                Fields info = Fields.of(partition.getValue());
                Object offset = info.any("firstRecordOffset", "firstOffset", "startOffset");
                String time = info.text("firstRecordTimestamp");
                return at(
                        partition.getKey(),
                        Fields.of(Map.of("offset", offset == null ? "" : offset, READABLE, time == null ? "" : time)));
            }
        }
        Object offset = envelope.at(MARK).at("recordInfo").any("offset");
        return Fields.of(Map.of("offset", offset == null ? "" : offset));
    }

    /** The record inside, or null where a part of it cannot be decoded. */
    private static @Nullable Content content(Fields record) {
        try {
            var headers = new ArrayList<Header>();
            if (record.any("headers") instanceof List<?> list) {
                for (Object one : list) {
                    Fields.of(one).members().forEach((name, value) -> headers.add(new Header(name, bytes(value))));
                }
            }
            return new Content(base64(record.text("key")), base64(record.text("value")), headers);
        } catch (IllegalArgumentException undecodable) {
            return null;
        }
    }

    private static @Nullable Buffer base64(@Nullable String text) {
        return text == null ? null : Buffer.buffer(Base64.getDecoder().decode(text));
    }

    private static @Nullable Buffer bytes(@Nullable Object numbers) {
        if (numbers == null) {
            return null;
        }
        if (!(numbers instanceof List<?> list)) {
            throw new IllegalArgumentException("a header is no array");
        }
        Buffer buffer = Buffer.buffer(list.size());
        for (Object number : list) {
            int one = Integer.parseInt(String.valueOf(number));
            if (one < Byte.MIN_VALUE || one > 0xFF) {
                throw new IllegalArgumentException("a header holds what is no byte");
            }
            buffer.appendByte((byte) one);
        }
        return buffer;
    }

    /** The record it writes is one of its own. */
    @Override
    public boolean wrapsHeaders() {
        return true;
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
