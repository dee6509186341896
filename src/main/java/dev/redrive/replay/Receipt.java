package dev.redrive.replay;

import dev.redrive.letter.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The record that proves a replay: written to the lane's receipts partition in the same transaction as the replay
 * itself. It names the letter by its position too, so that a database restored to yesterday can still use it.
 *
 * @param install whose receipt it is; two installations may share the topic
 */
record Receipt(UUID install, long fence, UUID replayId, int attempt, Position letter, int partition, long offset) {

    private static final int VERSION = 1;

    Buffer encode() {
        return new JsonObject()
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
                .put("target", new JsonObject().put("partition", partition).put("offset", offset))
                .toBuffer();
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
                    target.getInteger("partition"),
                    target.getLong("offset"));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException notOurs) {
            return null;
        }
    }
}
