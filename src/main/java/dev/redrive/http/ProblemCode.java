package dev.redrive.http;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Every kind of problem the API answers. The words are stable: runbooks compare them. */
public enum ProblemCode {
    VALIDATION_FAILED(
            400, "The request is not valid", "A parameter, header or field is missing, unknown or malformed."),
    QUERY_INVALID(400, "The filter is not valid", "The filter q has an error at position; it was not run."),
    CURSOR_MISMATCH(400, "The cursor belongs to another list", "Start again without a cursor after a filter changed."),
    IDEMPOTENCY_KEY_MISSING(
            400, "Idempotency-Key is missing", "What sends to Kafka or makes something new needs one, best a UUID."),
    UNAUTHENTICATED(401, "Not signed in", "Send Authorization: Bearer with a token, or open a session."),
    FORBIDDEN(403, "Not allowed", "The caller may not do this, or the request did not come from our own pages."),
    NOT_FOUND(404, "Not found", "There is no such thing, or the caller may not see it."),
    METHOD_NOT_ALLOWED(405, "Method not allowed", "The path exists, but not with this method."),
    NOT_ACCEPTABLE(406, "Not acceptable", "The answer exists only in another format."),
    CONFLICT_STATE(409, "Not possible in this state", "allowedActions says what is possible now."),
    IDEMPOTENCY_IN_PROGRESS(409, "The first request still runs", "Ask again after Retry-After seconds.", true),
    GROUP_IS_RUNNING(
            409, "The consumer group is running", "Stop all of its members, then ask again; errors says what else."),
    DRAFT_LOCKED(409, "Somebody else edits this draft", "Load their version before you go on."),
    SELECTION_CHANGED(
            409, "The selection is not what you saw", "count says how many letters it holds now; look again."),
    SELECTION_EXPIRED(
            410, "The selection has run out", "Select again; a selection lasts 15 minutes unless it is extended."),
    GONE(410, "No longer there", "The bytes or the record are not held any more."),
    PRECONDITION_FAILED(412, "It has changed", "Somebody changed it since; current is the ETag now."),
    PAYLOAD_TOO_LARGE(413, "The body is too large", "1 MiB, and 64 MiB for a draft."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "Unsupported media type",
            "Bodies are application/json without Content-Encoding; curl's own form type is taken with a bearer token only."),
    RANGE_NOT_SATISFIABLE(416, "The range is outside of the content", "Content-Range says how many bytes there are."),
    UNPROCESSABLE(422, "Cannot be done with this content", "The request is well formed, but not possible; see errors."),
    SECRETS_KEY_MISSING(
            422, "There is no key to seal it with", "Whoever runs Redrive sets REDRIVE_SECRETS_KEY; see detail."),
    CANNOT_BACKTEST(
            422,
            "The condition leaves no trace",
            "What happened to it is not stored, so nobody can say when it would fire."),
    IDEMPOTENCY_KEY_REUSED(422, "Idempotency-Key was used for another request", "Use a new key for a new request."),
    PRECONDITION_REQUIRED(428, "If-Match is missing", "Send the ETag of what you saw."),
    RATE_LIMITED(429, "Too many requests", "Ask again after Retry-After seconds.", true),
    HEADERS_TOO_LARGE(431, "The headers are too large", "8 KiB for all header fields."),
    INTERNAL(500, "Internal error", "A fault of Redrive; the log has more under the trace id."),
    SEARCH_TOO_SLOW(503, "The search took too long", "Narrow it by status, topic, failure group or time."),
    DATABASE_UNAVAILABLE(
            503, "The database does not answer", "Nothing was changed unless a later look shows it.", true),
    KAFKA_UNAVAILABLE(503, "Kafka does not answer", "Stored letters can be read meanwhile.", true),
    OUTCOME_UNKNOWN(504, "The outcome is not known yet", "Look at the replay before you try again.");

    private final int status;
    private final String title;
    private final String description;
    private final boolean retryable;

    ProblemCode(int status, String title, String description) {
        this(status, title, description, false);
    }

    ProblemCode(int status, String title, String description, boolean retryable) {
        this.status = status;
        this.title = title;
        this.description = description;
        this.retryable = retryable;
    }

    public int status() {
        return status;
    }

    /** The stable word, such as {@code conflict-state}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** URI reference that leads to the catalogue. */
    String type() {
        return "/api/problems#" + word();
    }

    String title() {
        return title;
    }

    /** Whether the same request may succeed a little later. */
    boolean retryable() {
        return retryable;
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("code", word())
                .put("type", type())
                .put("status", status)
                .put("title", title)
                .put("description", description)
                .put("retryable", retryable);
    }
}
