package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A target in the words of the contract, whose schema has already checked types and ranges. */
final class TargetJson {

    private TargetJson() {}

    /** @return null where the request names none */
    static @Nullable Target read(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        try {
            return new Target(
                    json.getString("topic"),
                    Partitioning.of(json.getString("partitioning", "key")),
                    json.getInteger("partition"),
                    json.getString("timestamp", "now").equals("original"));
        } catch (IllegalArgumentException contradiction) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/target/partition", String.valueOf(contradiction.getMessage()));
        }
    }

    static JsonObject write(Target target) {
        return new JsonObject()
                .put("topic", target.topic())
                .put("partitioning", target.partitioning().word())
                .put("partition", target.partition())
                .put("timestamp", target.timestampPolicy());
    }
}
