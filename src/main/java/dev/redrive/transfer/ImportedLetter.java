package dev.redrive.transfer;

import dev.redrive.ingest.ReadElsewhere;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Arrival.TimestampType;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import dev.redrive.letter.Status;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A letter as {@link NdjsonLines} wrote it.
 *
 * @param line its number in the file, from 1
 * @param clusterName what the cluster was called where the letter was read
 * @param status never {@code replaying}: its replay stayed behind, so the letter is open again
 * @param notes {@code author}, {@code text} and {@code at} each
 */
record ImportedLetter(
        long line,
        ReadElsewhere read,
        String clusterName,
        Status status,
        int returns,
        @Nullable String assignee,
        List<String> tags,
        List<Fields> notes) {

    private static final Pattern CONVENTION = Pattern.compile("[a-z0-9-]{1,64}");

    /**
     * @param pieces of the value, where it lies in pieces
     * @throws LineException where it is none, or its bytes are not those that were exported
     */
    static ImportedLetter from(long line, Fields fields, @Nullable Buffer pieces) {
        var status = fields.read("status", Status::of);
        var storage = fields.read("storage", Storage::of);
        var read = read(fields, storage, pieces);
        if (storage != Storage.POINTER
                && !ContentCodec.hash(read.arrival().content()).equals(read.contentHash())) {
            throw new LineException("The bytes are not those that were exported: their hash is not contentHash");
        }
        var notes = fields.array("notes").stream()
                .map(note -> {
                    if (note instanceof JsonObject object) {
                        return new Fields(object, "notes.");
                    }
                    throw fields.wrong("notes");
                })
                .toList();
        return new ImportedLetter(
                line,
                read,
                fields.object("position").text("clusterName"),
                status == Status.REPLAYING ? Status.OPEN : status,
                fields.integer("returns", 0),
                fields.maybeText("assignee"),
                texts(fields, "tags"),
                notes);
    }

    private static ReadElsewhere read(Fields fields, Storage storage, @Nullable Buffer pieces) {
        var value = storage == Storage.CHUNKED ? pieces : fields.maybeBytes("value");
        var size = fields.maybeNumber("valueSize");
        checkSize(fields, storage, value, size);
        var headers = storage == Storage.POINTER ? List.<Header>of() : headers(fields);
        int type = fields.integer("timestampType", -1);
        if (type >= TimestampType.values().length - 1) {
            throw fields.wrong("timestampType");
        }
        return new ReadElsewhere(
                new Arrival(
                        position(fields.object("position")),
                        fields.number("timestamp"),
                        TimestampType.values()[type + 1],
                        new Content(fields.maybeBytes("key"), value, headers)),
                storage,
                size,
                fields.read("contentHash", ImportedLetter::hash),
                fields.read("failedAt", OffsetDateTime::parse).toInstant(),
                reading(fields),
                fields.maybeText("replayId") == null ? null : fields.uuid("replayId"));
    }

    /** A size that is none would be believed by whoever reads the value later, in pieces or not. */
    private static void checkSize(Fields fields, Storage storage, @Nullable Buffer value, @Nullable Long size) {
        if (storage == Storage.CHUNKED && value == null) {
            throw fields.wrong("pieces");
        }
        boolean right = storage == Storage.POINTER
                ? size == null || size >= 0
                : value == null ? size == null : size != null && size == value.length();
        if (!right) {
            throw fields.wrong("valueSize");
        }
    }

    private static Buffer hash(String hex) {
        var hash = Buffer.buffer(HexFormat.of().parseHex(hex));
        if (hash.length() != 32) {
            throw new IllegalArgumentException("no SHA-256");
        }
        return hash;
    }

    private static Position position(Fields fields) {
        long offset = fields.number("offset");
        var topic = fields.text("topic");
        if (offset < 0 || topic.isEmpty() || topic.length() > 249 || topic.indexOf('\0') >= 0) {
            throw fields.wrong(offset < 0 ? "offset" : "topic");
        }
        return new Position(
                fields.text("cluster"),
                topic,
                fields.uuid("topicId"),
                fields.integer("partition", 0),
                offset,
                fields.integer("leaderEpoch", Position.NO_EPOCH));
    }

    private static Reading reading(Fields fields) {
        var convention = fields.text("convention");
        if (!CONVENTION.matcher(convention).matches()) {
            throw fields.wrong("convention");
        }
        var latest = fields.maybeObject("latest");
        var unwrapped = fields.maybeObject("unwrapped");
        return new Reading(
                convention,
                origin(fields.object("origin")),
                failure(fields.object("failure")),
                latest == null
                        ? null
                        : new Reading.Hop(
                                latest.maybeText("topic"),
                                latest.maybeInteger("partition"),
                                latest.maybeNumber("offset"),
                                latest.maybeText("consumerGroup")),
                fields.read("payload", word -> Payload.valueOf(word.toUpperCase(Locale.ROOT))),
                fields.flag("replayable"),
                texts(fields, "replayDrops"),
                unwrapped == null
                        ? null
                        : new Content(unwrapped.maybeBytes("key"), unwrapped.maybeBytes("value"), headers(unwrapped)),
                details(fields.maybeObject("details")));
    }

    private static Origin origin(Fields fields) {
        var inferred = fields.maybeText("inferredFrom");
        if (inferred != null && !inferred.equals(Origin.FROM_TOPIC_NAME)) {
            throw fields.wrong("inferredFrom");
        }
        return new Origin(
                fields.maybeText("topic"),
                fields.maybeInteger("partition"),
                fields.maybeNumber("offset"),
                fields.maybeNumber("timestamp"),
                fields.maybeText("consumerGroup"),
                inferred);
    }

    private static Failure failure(Fields fields) {
        return new Failure(
                fields.maybeText("exceptionClass"),
                fields.maybeText("causeClass"),
                fields.maybeText("message"),
                fields.maybeText("stackTrace"),
                fields.maybeInteger("attempts"));
    }

    private static Map<String, String> details(@Nullable Fields fields) {
        var details = new HashMap<String, String>();
        if (fields != null) {
            fields.json().fieldNames().forEach(name -> details.put(name, fields.text(name)));
        }
        return details;
    }

    private static List<Header> headers(Fields fields) {
        var headers = new ArrayList<Header>();
        for (var each : fields.array("headers")) {
            if (!(each instanceof JsonObject object)) {
                throw fields.wrong("headers");
            }
            var header = new Fields(object, fields.path() + "headers.");
            headers.add(new Header(header.text("name"), header.maybeBytes("value")));
        }
        return headers;
    }

    private static List<String> texts(Fields fields, String name) {
        JsonArray array = fields.array(name);
        if (array.stream().anyMatch(each -> !(each instanceof String))) {
            throw fields.wrong(name);
        }
        return array.stream().map(String.class::cast).toList();
    }
}
