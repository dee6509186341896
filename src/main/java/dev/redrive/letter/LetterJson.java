package dev.redrive.letter;

import dev.redrive.http.Times;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Letters as the contract shows them. What is unknown is null; nothing is missing. */
final class LetterJson {

    private static final int PREVIEW_BYTES = 64;

    private LetterJson() {}

    /** A letter in a list. */
    static JsonObject summary(Row row) {
        return new JsonObject()
                .put("id", text(row.getLong("letter_id")))
                .put("version", row.getInteger("version"))
                .put("position", position(row))
                .put("status", row.getString("status"))
                .put("convention", row.getString("convention"))
                .put("failureGroupId", text(row.getLong("failure_group_id")))
                .put("failedAt", Times.rfc3339(row.getOffsetDateTime("failed_at")))
                .put("ingestedAt", Times.rfc3339(row.getOffsetDateTime("ingested_at")))
                .put("changedAt", Times.rfc3339(row.getOffsetDateTime("changed_at")))
                .put("origin", origin(row))
                .put("failure", failure(row))
                .put("keyPreview", preview(row.getBuffer("key_start")))
                .put("valueSize", row.getLong("value_size"))
                .put("payload", row.getString("payload"))
                .put("replayable", row.getBoolean("replayable"))
                .put("assignee", row.getString("assignee"))
                .put("tags", new JsonArray(List.of((Object[]) row.getArrayOfStrings("tags"))))
                .put("notes", row.getInteger("notes"))
                .put("lineage", lineage(row));
    }

    /** The whole letter. */
    static JsonObject detail(Row row) {
        @Nullable Buffer frames = row.getBuffer("frames");
        var trace = frames == null ? null : StackTraceText.join(frames, row.getBuffer("trace_messages"));
        @Nullable Buffer unwrapped = row.getBuffer("unwrapped");
        @Nullable Buffer headers = row.getBuffer("headers");
        var json = summary(row);
        json.getJsonObject("failure").put("stackTrace", trace == null ? null : trace.toString(StandardCharsets.UTF_8));
        return json.put("key", BytesJson.shown(row.getBuffer("key")))
                .put("value", value(row))
                .put("headers", headers(headers == null ? List.of() : HeaderCodec.decode(headers, trace)))
                .put("storage", row.getString("storage"))
                .put("unwrapped", unwrapped == null ? null : content(ContentCodec.decode(unwrapped)))
                .put("latest", latest(row.getJsonObject("latest")))
                .put("details", row.getJsonObject("details") == null ? new JsonObject() : row.getJsonObject("details"))
                .put(
                        "contentHash",
                        HexFormat.of().formatHex(row.getBuffer("content_hash").getBytes()))
                .put("replayDrops", new JsonArray(List.of((Object[]) row.getArrayOfStrings("replay_drops"))))
                .put("draft", draft(row))
                .put("allowedActions", new JsonArray(actions(row)));
    }

    /** One member of a family. */
    static JsonObject relative(Row row) {
        return new JsonObject()
                .put("id", text(row.getLong("letter_id")))
                .put("parentId", text(row.getLong("parent_id")))
                .put(
                        "replayId",
                        row.getUUID("replay_id") == null
                                ? null
                                : row.getUUID("replay_id").toString())
                .put("status", row.getString("status"))
                .put("topic", row.getString("topic"))
                .put("failedAt", Times.rfc3339(row.getOffsetDateTime("failed_at")))
                .put("returns", row.getInteger("returns"));
    }

    static JsonObject content(Content content) {
        return new JsonObject()
                .put("key", BytesJson.shown(content.key()))
                .put("value", BytesJson.shown(content.value()))
                .put("headers", headers(content.headers()));
    }

    private static JsonArray headers(List<Header> headers) {
        var array = new JsonArray();
        for (var header : headers) {
            array.add(new JsonObject().put("name", header.name()).put("value", BytesJson.shown(header.value())));
        }
        return array;
    }

    /** A value that only Kafka holds is shown as cut to nothing, so that nobody takes it for a tombstone. */
    private static @Nullable JsonObject value(Row row) {
        @Nullable Long size = row.getLong("value_size");
        @Nullable Buffer value = row.getBuffer("value");
        if (size == null) {
            return null;
        }
        return value == null
                ? BytesJson.shown(Buffer.buffer(), size).put("truncated", true)
                : BytesJson.shown(value, size);
    }

    private static JsonObject position(Row row) {
        int epoch = row.getInteger("leader_epoch");
        return new JsonObject()
                .put("cluster", row.getString("cluster"))
                .put("topic", row.getString("topic"))
                .put("topicId", row.getUUID("topic_id").toString())
                .put("partition", row.getInteger("kafka_partition"))
                .put("offset", text(row.getLong("kafka_offset")))
                .put("leaderEpoch", epoch == Position.NO_EPOCH ? null : epoch)
                .put("timestamp", Times.rfc3339(row.getLong("kafka_timestamp")));
    }

    private static JsonObject origin(Row row) {
        return new JsonObject()
                .put("topic", row.getString("origin_topic"))
                .put("partition", row.getInteger("origin_partition"))
                .put("offset", text(row.getLong("origin_offset")))
                .put("timestamp", Times.rfc3339(row.getLong("origin_timestamp")))
                .put("consumerGroup", row.getString("origin_group"))
                .put("inferredFrom", row.getString("origin_inferred_from"));
    }

    private static JsonObject failure(Row row) {
        return new JsonObject()
                .put("exceptionClass", row.getString("exception_class"))
                .put("causeClass", row.getString("cause_class"))
                .put("message", row.getString("message"))
                .put("attempts", row.getInteger("attempts"));
    }

    private static JsonObject lineage(Row row) {
        return new JsonObject()
                .put("parentId", text(row.getLong("parent_id")))
                .put(
                        "replayId",
                        row.getUUID("replay_id") == null
                                ? null
                                : row.getUUID("replay_id").toString())
                .put("returns", row.getInteger("returns"));
    }

    /** The hop as it was stored, with every part of the contract. */
    private static @Nullable JsonObject latest(@Nullable JsonObject hop) {
        if (hop == null) {
            return null;
        }
        var offset = hop.getValue("offset");
        return new JsonObject()
                .put("topic", hop.getString("topic"))
                .put("partition", hop.getInteger("partition"))
                .put("offset", offset == null ? null : offset.toString())
                .put("consumerGroup", hop.getString("consumerGroup"));
    }

    private static @Nullable JsonObject draft(Row row) {
        return row.getInteger("draft_version") == null
                ? null
                : new JsonObject()
                        .put("version", row.getInteger("draft_version"))
                        .put("updatedAt", Times.rfc3339(row.getOffsetDateTime("draft_at")))
                        .put("updatedBy", row.getString("draft_author"));
    }

    private static List<String> actions(Row row) {
        boolean held = Storage.of(row.getString("storage")) != Storage.POINTER;
        boolean sendable = (row.getBoolean("replayable") && held) || row.getInteger("draft_version") != null;
        boolean absent = !row.getString("payload").equals(Payload.PRESENT.word()) || !held;
        boolean located = row.getLong("origin_offset") != null
                && row.getInteger("origin_partition") != null
                && row.getString("origin_topic") != null;
        return Actions.of(Status.of(row.getString("status")), sendable, absent && located);
    }

    /** As text for people: what cannot be printed, or would turn the text around, is replaced. */
    private static @Nullable String preview(@Nullable Buffer start) {
        if (start == null) {
            return null;
        }
        return printable(
                start.getBuffer(0, Math.min(start.length(), PREVIEW_BYTES)).toString(StandardCharsets.UTF_8));
    }

    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD");
    }

    private static @Nullable String text(@Nullable Long number) {
        return number == null ? null : number.toString();
    }
}
