package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the audit is told of replays. */
final class ReplayEvents {

    private ReplayEvents() {}

    /** Something that Redrive did by itself. @param row with columns {@code id} (replay) and {@code letter_id} */
    static AuditEvent of(Row row, String action, JsonObject details) {
        return new AuditEvent(
                AuditEvent.SYSTEM, action, row.getLong("letter_id"), pathOf(row.getUUID("id")), null, details, null);
    }

    /** @param row also with {@code target_topic}, {@code sent_partition} and {@code sent_offset} */
    static AuditEvent sent(Row row) {
        return of(
                row,
                "replay-sent",
                new JsonObject()
                        .put("topic", row.getString("target_topic"))
                        .put("partition", row.getInteger("sent_partition"))
                        .put("offset", Long.toString(row.getLong("sent_offset"))));
    }

    /** Something that a person did. */
    static AuditEvent by(
            Caller caller, String action, long letterId, UUID replayId, @Nullable String reason, JsonObject details) {
        return new AuditEvent(caller.actor(), action, letterId, pathOf(replayId), reason, details, caller.requestId());
    }

    static String pathOf(UUID replayId) {
        return "/api/v1/replays/" + replayId;
    }

    /** Who asks, as the audit names it. */
    record Caller(String actor, String requestId) {}
}
