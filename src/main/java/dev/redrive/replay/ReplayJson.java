package dev.redrive.replay;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A replay in the words of the contract. */
final class ReplayJson {

    private ReplayJson() {}

    static JsonObject of(Replay replay) {
        var sent = replay.sent();
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
                .put("abortedCopies", copies(replay.abortedCopies()))
                .put("abortedCopyUnknown", replay.abortedCopyUnknown())
                .put("returnedAs", replay.returnedAs() == null ? null : Long.toString(replay.returnedAs()))
                .put("requestedBy", replay.requestedBy())
                .put("notBefore", Times.rfc3339(replay.notBefore()))
                .put("createdAt", Times.rfc3339(replay.createdAt()))
                .put("updatedAt", Times.rfc3339(replay.updatedAt()));
    }

    private static JsonArray copies(List<Replay.Place> places) {
        var copies = new JsonArray();
        places.forEach(place -> copies.add(
                new JsonObject().put("partition", place.partition()).put("offset", Long.toString(place.offset()))));
        return copies;
    }
}
