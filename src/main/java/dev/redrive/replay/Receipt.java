package dev.redrive.replay;

import dev.redrive.letter.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The record that proves a replay: written to the lane's receipts partition in the same transaction as the replay
 * itself. It says enough for a database that was restored to a time before the replay was asked for.
 *
 * @param install whose receipt it is; two installations may share the topic
 * @param contentHash of what was sent; null in a receipt of the first format, which an older process may still write
 * @param jobId null where no job asked for it, and in the first format
 */
record Receipt(
        UUID install,
        long fence,
        UUID replayId,
        int attempt,
        Position letter,
        Target target,
        @Nullable Buffer contentHash,
        @Nullable UUID jobId) {

    /** Of both formats: fields were only added, so that an older process reads what a newer one writes. */
    private static final int VERSION = 1;

    /** Where the record lies. @param topic null in the first format, as the topic's id */
    record Target(@Nullable String topic, @Nullable UUID topicId, int partition, long offset) {}

    Buffer encode() {
        var place = new JsonObject().put("partition", target.partition()).put("offset", target.offset());
        var topicId = target.topicId();
        if (topicId != null) {
            place.put("topic", target.topic()).put("topicId", topicId.toString());
        }
        var json = new JsonObject()
                .put("version", VERSION)
                .put("install", install.toString())
                .put("fence", fence)
                .put("replay", replayId.toString())
                .put("attempt", attempt)
                .put(
                        "letter",
                        new JsonObject()
                                .put("cluster", letter.cluster())
                                .put("topic", letter.topic())
                                .put("topicId", letter.topicId().toString())
                                .put("partition", letter.partition())
                                .put("offset", letter.offset())
                                .put("leaderEpoch", letter.leaderEpoch()))
                .put("target", place)
                .put("contentHash", contentHash);
        return (jobId == null ? json : json.put("job", jobId.toString())).toBuffer();
    }

    /** @return null for what is no receipt, such as a barrier or a record that somebody else wrote */
    static @Nullable Receipt decode(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            var json = new JsonObject(Buffer.buffer(value));
            var letter = json.getJsonObject("letter");
            var target = json.getJsonObject("target");
            if (json.getInteger("version", 0) != VERSION || letter == null || target == null) {
                return null;
            }
            return new Receipt(
                    UUID.fromString(json.getString("install")),
                    json.getLong("fence"),
                    UUID.fromString(json.getString("replay")),
                    json.getInteger("attempt"),
                    new Position(
                            letter.getString("cluster"),
                            letter.getString("topic"),
                            UUID.fromString(letter.getString("topicId")),
                            letter.getInteger("partition"),
                            letter.getLong("offset"),
                            letter.getInteger("leaderEpoch")),
                    new Target(
                            target.getString("topic"),
                            uuid(target.getString("topicId")),
                            target.getInteger("partition"),
                            target.getLong("offset")),
                    json.getBuffer("contentHash"),
                    uuid(json.getString("job")));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException notOurs) {
            return null;
        }
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        return text == null ? null : UUID.fromString(text);
    }
}
