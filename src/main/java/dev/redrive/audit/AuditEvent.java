package dev.redrive.audit;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done, or that Redrive did by itself.
 *
 * @param actor who; {@link #SYSTEM} for Redrive itself
 * @param action lower case with hyphens, such as {@code replay-requested}; becomes part of the API
 * @param letterId the letter it was done to, null where it was another object
 * @param object path of what else it was done to, such as {@code /api/v1/replays/…}
 * @param details facts without payloads and secrets
 * @param requestId of the HTTP request, null without one
 */
public record AuditEvent(
        String actor,
        String action,
        @Nullable Long letterId,
        @Nullable String object,
        @Nullable String reason,
        JsonObject details,
        @Nullable String requestId) {

    public static final String SYSTEM = "system";

    public AuditEvent {
        requireNonNull(actor, "actor");
        requireNonNull(action, "action");
        details = details.copy();
    }
}
