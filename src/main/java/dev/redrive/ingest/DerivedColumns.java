package dev.redrive.ingest;

import dev.redrive.ingest.NewLetter.Derived;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Header;
import dev.redrive.letter.Reading;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was read from a letter, as columns that Postgres cannot refuse. */
final class DerivedColumns {

    static final int TOPIC_BYTES = 249;
    static final int NAME_BYTES = 500;
    private static final int MESSAGE_BYTES = 8 * 1024;
    private static final int DETAIL_BYTES = 2_000;
    private static final int DETAILS = 40;
    private static final int DROPS = 1_000;

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private DerivedColumns() {}

    /** @param complete whether the bytes are stored; without them there is nothing to replay */
    static Derived of(Arrival arrival, Reading reading, boolean complete) {
        return columns(
                reading,
                complete && reading.replayable(),
                replayId(arrival.content().headers()));
    }

    static Derived unread(Reading nothing) {
        return columns(nothing, nothing.replayable(), null);
    }

    static Derived readElsewhere(Reading reading, @Nullable UUID replayId) {
        return columns(reading, reading.replayable(), replayId);
    }

    private static Derived columns(Reading reading, boolean replayable, @Nullable UUID replayId) {
        var origin = reading.origin();
        var failure = reading.failure();
        return new Derived(
                reading.payload().word(),
                replayable,
                reading.convention(),
                DerivedText.bounded(origin.topic(), TOPIC_BYTES),
                origin.partition(),
                origin.offset(),
                origin.timestamp(),
                DerivedText.bounded(origin.consumerGroup(), NAME_BYTES),
                origin.inferredFrom(),
                DerivedText.bounded(failure.exceptionClass(), NAME_BYTES),
                DerivedText.bounded(failure.causeClass(), NAME_BYTES),
                DerivedText.bounded(failure.message(), MESSAGE_BYTES),
                failure.attempts(),
                latest(reading.latest()),
                details(reading.details()),
                literal(reading.replayDrops()),
                replayId);
    }

    private static @Nullable String latest(Reading.@Nullable Hop hop) {
        return hop == null
                ? null
                : new JsonObject()
                        .put("topic", DerivedText.bounded(hop.topic(), TOPIC_BYTES))
                        .put("partition", hop.partition())
                        .put("offset", hop.offset())
                        .put("consumerGroup", DerivedText.bounded(hop.consumerGroup(), NAME_BYTES))
                        .encode();
    }

    private static @Nullable String details(Map<String, String> details) {
        if (details.isEmpty()) {
            return null;
        }
        var json = new JsonObject();
        details.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(DETAILS)
                .forEach(detail -> json.put(
                        DerivedText.bounded(detail.getKey(), NAME_BYTES),
                        DerivedText.bounded(detail.getValue(), DETAIL_BYTES)));
        return json.encode();
    }

    /** Names may hold any character; in a literal of text[] the quote and the backslash are escaped. */
    private static String literal(List<String> names) {
        return names.stream()
                .limit(DROPS)
                .map(name -> String.valueOf(DerivedText.bounded(name, MESSAGE_BYTES)))
                .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The last one counts: whoever copied headers kept the older ones before it. */
    private static @Nullable UUID replayId(List<Header> headers) {
        UUID last = null;
        for (var header : headers) {
            var value = header.value();
            if (header.name().equals(Header.REPLAY_ID) && value != null && value.length() == 36) {
                var text = value.toString(StandardCharsets.ISO_8859_1);
                last = UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : last;
            }
        }
        return last;
    }
}
