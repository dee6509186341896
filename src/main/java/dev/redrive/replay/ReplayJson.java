package dev.redrive.replay;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonObject;

/** A replay in the words of the contract. */
final class ReplayJson {

    private ReplayJson() {}

    static JsonObject of(Replay replay) {
        var sent = replay.sent();
        var copy = replay.abortedCopy();
        return new JsonObject()
                .put("id", replay.id().toString())
                .put("letterId", Long.toString(replay.letterId()))
                .put("state", replay.state().word())
                .put("outcome", replay.outcome())
                .put("source", replay.source().word())
                .put("draftVersion", replay.draftVersion())
                .put(
                        "target",
                        new JsonObject()
                                .put("cluster", replay.cluster())
                                .put("topic", replay.topic())
                                .put("partition", sent == null ? null : sent.partition())
                                .put("offset", sent == null ? null : Long.toString(sent.offset())))
                .put("attempt", replay.attempt())
                .put("jobId", replay.jobId() == null ? null : replay.jobId().toString())
                .put("mode", replay.mode().word())
                .put("reason", replay.reason())
                .put("error", replay.error())
                .put("possibleDuplicate", replay.possibleDuplicate())
                .put(
                        "abortedCopy",
                        copy == null
                                ? null
                                : new JsonObject()
                                        .put("partition", copy.partition())
                                        .put("offset", Long.toString(copy.offset())))
                .put("returnedAs", replay.returnedAs() == null ? null : Long.toString(replay.returnedAs()))
                .put("requestedBy", replay.requestedBy())
                .put("notBefore", Times.rfc3339(replay.notBefore()))
                .put("createdAt", Times.rfc3339(replay.createdAt()))
                .put("updatedAt", Times.rfc3339(replay.updatedAt()));
    }
}
