package dev.redrive.transfer;

import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One letter a line with everything an import needs, bytes as base64. A value above 256 KiB follows its letter in
 * lines of its own, so that most lines are short; what an envelope held stands in the line of its letter all the same,
 * see {@link #longestLine}. {@link ImportedLetter} reads this.
 */
final class NdjsonLines implements ExportLines {

    static final int VERSION = 1;

    /** Name of the only member of the first and the last line. */
    static final String FRAME = "redriveExport";

    /**
     * All of a letter's line but the value that an envelope held: its key and its headers, which an opened envelope may
     * repeat, its inline value, and what was read and noted.
     */
    private static final int REST = 128 << 20;

    /** Bytes of key and header values of one record for which there is room in {@link #longestLine}. */
    static final int MOST_FRONT = 32 << 20;

    /**
     * An import that takes such lines takes every letter that an export wrote, as long as key and headers of a record
     * have {@link #MOST_FRONT} bytes at most.
     *
     * @param mostValueBytes of a letter that is stored; what its envelope held is no larger
     */
    static int longestLine(long mostValueBytes) {
        return Math.toIntExact(REST + base64Length(mostValueBytes));
    }

    static long base64Length(long bytes) {
        return (bytes + 2) / 3 * 4;
    }

    @Override
    public Buffer head(String q) {
        return line(new JsonObject()
                .put(FRAME, new JsonObject().put("version", VERSION).put("q", q)));
    }

    @Override
    public Buffer begin(ExportedLetter letter) {
        var row = letter.row();
        var headers = letter.headers();
        return line(new JsonObject()
                .put("position", position(row))
                .put("timestamp", Long.toString(row.getLong("kafka_timestamp")))
                .put("timestampType", row.getShort("timestamp_type"))
                .put("failedAt", row.getOffsetDateTime("failed_at").toString())
                .put("status", row.getString("status"))
                .put("returns", row.getInteger("returns"))
                .put("assignee", row.getString("assignee"))
                .put("tags", new JsonArray(List.of((Object[]) row.getArrayOfStrings("tags"))))
                .put("notes", row.getJson("notes") instanceof JsonArray notes ? notes : new JsonArray())
                .put("convention", row.getString("convention"))
                .put("origin", origin(row))
                .put("failure", failure(letter))
                .put("latest", row.getJson("latest"))
                .put("details", row.getJson("details"))
                .put("payload", row.getString("payload"))
                .put("replayable", row.getBoolean("replayable"))
                .put("replayDrops", new JsonArray(List.of((Object[]) row.getArrayOfStrings("replay_drops"))))
                .put(
                        "replayId",
                        row.getUUID("replay_id") == null
                                ? null
                                : row.getUUID("replay_id").toString())
                .put(
                        "contentHash",
                        HexFormat.of().formatHex(row.getBuffer("content_hash").getBytes()))
                .put("storage", letter.storage().word())
                .put("valueSize", letter.valueSize())
                .put("pieces", letter.pieces())
                .put("unwrapped", letter.unwrapped() == null ? null : content(letter.unwrapped()))
                .put("key", base64(letter.key()))
                .put("headers", headers == null ? null : headers(headers))
                .put("value", base64(letter.inlineValue())));
    }

    @Override
    public boolean takesPieces(ExportedLetter letter) {
        return letter.storage() == Storage.CHUNKED;
    }

    @Override
    public Buffer piece(int no, Buffer bytes) {
        return line(new JsonObject().put("piece", no).put("bytes", base64(bytes)));
    }

    @Override
    public Buffer end(ExportedLetter letter) {
        return Buffer.buffer();
    }

    @Override
    public Buffer trailer(long letters, String sha256) {
        return line(new JsonObject()
                .put(
                        FRAME,
                        new JsonObject()
                                .put("end", true)
                                .put("letters", letters)
                                .put("sha256", sha256)));
    }

    private static Buffer line(JsonObject json) {
        return json.toBuffer().appendByte((byte) '\n');
    }

    private static JsonObject position(Row row) {
        return new JsonObject()
                .put("cluster", row.getString("kafka_id"))
                .put("clusterName", row.getString("cluster"))
                .put("topic", row.getString("topic"))
                .put("topicId", row.getUUID("topic_id").toString())
                .put("partition", row.getInteger("kafka_partition"))
                .put("offset", Long.toString(row.getLong("kafka_offset")))
                .put("leaderEpoch", row.getInteger("leader_epoch"));
    }

    private static JsonObject origin(Row row) {
        return new JsonObject()
                .put("topic", row.getString("origin_topic"))
                .put("partition", row.getInteger("origin_partition"))
                .put("offset", text(row.getLong("origin_offset")))
                .put("timestamp", text(row.getLong("origin_timestamp")))
                .put("consumerGroup", row.getString("origin_group"))
                .put("inferredFrom", row.getString("origin_inferred_from"));
    }

    private static JsonObject failure(ExportedLetter letter) {
        var row = letter.row();
        var trace = letter.stackTrace();
        return new JsonObject()
                .put("exceptionClass", row.getString("exception_class"))
                .put("causeClass", row.getString("cause_class"))
                .put("message", row.getString("message"))
                .put("attempts", row.getInteger("attempts"))
                .put("stackTrace", trace == null ? null : trace.toString(StandardCharsets.UTF_8));
    }

    private static JsonObject content(Content content) {
        return new JsonObject()
                .put("key", base64(content.key()))
                .put("headers", headers(content.headers()))
                .put("value", base64(content.value()));
    }

    private static JsonArray headers(List<Header> headers) {
        var array = new JsonArray();
        headers.forEach(
                header -> array.add(new JsonObject().put("name", header.name()).put("value", base64(header.value()))));
        return array;
    }

    private static @Nullable String base64(@Nullable Buffer bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes.getBytes());
    }

    private static @Nullable String text(@Nullable Long number) {
        return number == null ? null : number.toString();
    }
}
