package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;

/**
 * The 101 dead letters of {@code conventions/vectors.json}, most of them written by the real frameworks, and those of
 * {@code conventions/more.json} and {@code unseen.json}, written by the rules for what none of them shows. Each of the
 * last says which sentence it follows from; they were written before anybody looked at how they are read.
 */
public final class Vectors {
    /** Facts that are wrong to claim where the vector does not expect them. */
    private static final Set<String> STRICT =
            Set.of("keyException", "replayTarget", "selfLoop", "topicIsUuid", "schemaNeeded", "stacktraceTruncated");

    private static final List<String> FACTS = List.of(
            "connector", "causeMessage", "description", "destination", "handler", "envelope", "consumerGroupSource");

    private Vectors() {}

    /**
     * One record and what is to be read from it.
     *
     * @param topics others of the cluster that the reading rests on
     * @param recordTimestamp ms; null where Kafka assigns it at the send
     */
    public record Vector(
            String id,
            String framework,
            String dlqTopic,
            Set<String> topics,
            @Nullable Long recordTimestamp,
            Content content,
            JsonObject expected) {

        /** The record as if it had been read from partition 0 at offset 0. */
        public Arrival arrival() {
            long timestamp = recordTimestamp == null ? -1 : recordTimestamp;
            return new Arrival(
                    new Position("cluster", dlqTopic, new UUID(0, 1), 0, 0, 0),
                    timestamp,
                    Arrival.TimestampType.CREATE_TIME,
                    content);
        }

        public boolean isDeadLetter() {
            return expected.getBoolean("isDeadLetter");
        }

        @Override
        public String toString() {
            return id;
        }
    }

    public static List<Vector> all() {
        return in("/conventions/vectors.json");
    }

    public static List<Vector> more() {
        return in("/conventions/more.json");
    }

    public static List<Vector> unseen() {
        return in("/conventions/unseen.json");
    }

    private static List<Vector> in(String file) {
        try (InputStream json = Vectors.class.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(json, file).readAllBytes();
            return new JsonArray(Buffer.buffer(bytes))
                    .stream().map(vector -> vector((JsonObject) vector)).toList();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    public static Vector of(String id) {
        return all().stream()
                .filter(vector -> vector.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no vector " + id));
    }

    private static Vector vector(JsonObject json) {
        return new Vector(
                json.getString("id"),
                json.getString("framework"),
                json.getString("dlqTopic"),
                Set.copyOf(strings(json.getJsonArray("topics", new JsonArray()))),
                json.getLong("recordTimestamp"),
                new Content(
                        bytes(json.getString("key")),
                        bytes(json.getString("value")),
                        headers(json.getJsonArray("headers"))),
                json.getJsonObject("expected"));
    }

    private static List<Header> headers(JsonArray headers) {
        return headers.stream()
                .map(header -> (JsonObject) header)
                .map(header -> new Header(header.getString("name"), bytes(header.getString("value"))))
                .toList();
    }

    private static @Nullable Buffer bytes(@Nullable String base64) {
        return base64 == null ? null : Buffer.buffer(Base64.getDecoder().decode(base64));
    }

    /** Compares every field that the vector expects; the record's headers are those of the vector. */
    public static void assertReading(Vector vector, Reading reading) {
        var softly = new SoftAssertions();
        softly.assertThat(reading.convention())
                .as("convention")
                .isEqualTo(vector.expected().getString("framework"));
        softly.assertThat(Boolean.valueOf(!"false".equals(reading.details().get("deadLetter"))))
                .as("isDeadLetter")
                .isEqualTo(vector.isDeadLetter());
        assertOrigin(softly, vector, reading.origin());
        assertFailure(softly, vector.expected(), reading.failure());
        assertLatest(softly, vector.expected().getJsonObject("latestFailure"), reading.latest());
        assertReplay(softly, vector, reading);
        assertFacts(softly, vector.expected(), reading.details());
        softly.assertAll();
    }

    private static void assertOrigin(SoftAssertions softly, Vector vector, Origin origin) {
        JsonObject expected = vector.expected();
        String inferred = expected.getString("inferredOriginalTopic");
        String topic = inferred != null ? inferred : expected.getString("originalTopic");
        softly.assertThat(origin.topic()).as("originalTopic").isEqualTo(topic);
        softly.assertThat(origin.inferredFrom())
                .as("inferredFrom")
                .isEqualTo(inferred != null ? Origin.FROM_TOPIC_NAME : null);
        softly.assertThat(origin.partition()).as("partition").isEqualTo(expected.getInteger("originalPartition"));
        softly.assertThat(origin.offset()).as("offset").isEqualTo(expected.getLong("originalOffset"));
        softly.assertThat(origin.timestamp()).as("timestamp").isEqualTo(expected.getLong("originalTimestamp"));
        softly.assertThat(origin.consumerGroup()).as("group").isEqualTo(expected.getString("consumerGroup"));
    }

    private static void assertFailure(SoftAssertions softly, JsonObject expected, Failure failure) {
        softly.assertThat(failure.exceptionClass())
                .as("exceptionClass")
                .isEqualTo(expected.getString("exceptionClass"));
        softly.assertThat(failure.causeClass()).as("causeClass").isEqualTo(expected.getString("causeClass"));
        softly.assertThat(failure.message()).as("message").isEqualTo(expected.getString("exceptionMessage"));
        softly.assertThat(Boolean.valueOf(failure.stackTrace() != null))
                .as("stacktracePresent")
                .isEqualTo(expected.getBoolean("stacktracePresent"));
        softly.assertThat(failure.attempts()).as("attempts").isEqualTo(expected.getInteger("attempts"));
    }

    private static void assertLatest(
            SoftAssertions softly, @Nullable JsonObject expected, Reading.@Nullable Hop latest) {
        var hop = expected == null
                ? null
                : new Reading.Hop(
                        expected.getString("topic"),
                        expected.getInteger("partition"),
                        expected.getLong("offset"),
                        expected.getString("consumerGroup"));
        softly.assertThat(latest).as("latestFailure").isEqualTo(hop);
    }

    private static void assertReplay(SoftAssertions softly, Vector vector, Reading reading) {
        JsonObject expected = vector.expected();
        Set<String> names =
                vector.content().headers().stream().map(Header::name).collect(Collectors.toSet());
        Set<String> keeps = names.stream()
                .filter(name -> !reading.replayDrops().contains(name))
                .collect(Collectors.toSet());
        softly.assertThat(reading.replayDrops())
                .as("replayDropsHeaders")
                .doesNotHaveDuplicates()
                .hasSameElementsAs(strings(expected.getJsonArray("replayDropsHeaders")));
        softly.assertThat(keeps)
                .as("replayKeepsHeaders")
                .hasSameElementsAs(strings(expected.getJsonArray("replayKeepsHeaders")));
        Object replayable = expected.getValue("replayable", true);
        softly.assertThat(reading.replayable()).as("replayable").isEqualTo(replayable.equals(true));
        if (replayable instanceof String how) {
            softly.assertThat(reading.details()).as("replayable").containsEntry("replay", how);
        }
        if (expected.containsKey("payload") || replayable.equals(true)) {
            softly.assertThat(reading.payload().word())
                    .as("payload")
                    .isEqualTo(expected.getString("payload", Payload.PRESENT.word()));
        }
        assertUnwrapped(softly, vector, reading);
    }

    private static void assertUnwrapped(SoftAssertions softly, Vector vector, Reading reading) {
        JsonObject expected = vector.expected();
        boolean wrapped = expected.containsKey("unwrappedKey") || expected.containsKey("unwrappedValue");
        Content content = reading.unwrapped() != null ? reading.unwrapped() : vector.content();
        softly.assertThat(Boolean.valueOf(reading.unwrapped() != null))
                .as("is an envelope")
                .isEqualTo(wrapped);
        if (expected.containsKey("unwrappedKey")) {
            softly.assertThat(content.key()).as("key").isEqualTo(bytes(expected.getString("unwrappedKey")));
        }
        if (expected.containsKey("unwrappedValue")) {
            softly.assertThat(content.value()).as("value").isEqualTo(bytes(expected.getString("unwrappedValue")));
        }
        if (expected.containsKey("unwrappedHeaders")) {
            softly.assertThat(content.headers())
                    .as("headers")
                    .isEqualTo(headers(expected.getJsonArray("unwrappedHeaders")));
        }
    }

    private static void assertFacts(SoftAssertions softly, JsonObject expected, Map<String, String> details) {
        for (String fact : FACTS) {
            if (expected.containsKey(fact)) {
                softly.assertThat(details.get(fact)).as(fact).isEqualTo(expected.getString(fact));
            }
        }
        if (expected.containsKey("retryCountRaw")) {
            softly.assertThat(details)
                    .as("retryCountRaw")
                    .containsEntry(
                            "retryCountRaw", expected.getValue("retryCountRaw").toString());
        }
        for (String fact : STRICT) {
            Object value = expected.getValue(fact);
            softly.assertThat(details.get(fact)).as(fact).isEqualTo(value == null ? null : value.toString());
        }
    }

    private static List<String> strings(JsonArray names) {
        assertThat(names).isNotNull();
        return names.stream().map(String::valueOf).toList();
    }
}
