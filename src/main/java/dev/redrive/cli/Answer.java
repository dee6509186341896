package dev.redrive.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What Redrive answered.
 *
 * @param body empty where the answer had none
 * @param again whether the request was sent more than once, so that an earlier one may have acted
 */
record Answer(int status, JsonObject body, boolean again) {

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The stable word of a problem, empty without one. */
    String code() {
        return body.getString("code", "");
    }

    List<JsonObject> items() {
        return objects(body.getJsonArray("items"));
    }

    static List<JsonObject> objects(JsonArray array) {
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }

    Answer orFail() {
        if (isSuccess()) {
            return this;
        }
        throw failure();
    }

    /** A problem in words, with the place in the filter where it is about one. */
    Failure failure() {
        var what = new StringBuilder(Plain.line(body.getString("title", "Redrive answered " + status)));
        Optional.ofNullable(body.getString("detail"))
                .ifPresent(detail -> what.append(": ").append(detail));
        if (body.containsKey("position")) {
            what.append(" (at character ")
                    .append(body.getInteger("position") + 1)
                    .append(')');
        }
        if (status >= 500) {
            what.append(" (trace ").append(body.getString("traceId", "unknown")).append(')');
        }
        return new Failure(exit(), what.toString(), advice());
    }

    private Exit exit() {
        return switch (code()) {
            case "not-found", "gone" -> Exit.NOTHING;
            case "outcome-unknown" -> Exit.UNKNOWN;
            default ->
                switch (status) {
                    case 400 -> Exit.USAGE;
                    case 404 -> Exit.NOTHING;
                    case 409, 410, 412, 413, 422, 428 -> Exit.REFUSED;
                    default -> Exit.UNEXPECTED;
                };
        };
    }

    private @Nullable String advice() {
        return switch (code()) {
            case "unauthenticated" -> "Put a token into REDRIVE_TOKEN, or name a file that holds it with --token-file.";
            case "query-invalid" ->
                body.getString("suggestion") == null
                        ? "The filter language is in docs/filter.md."
                        : "Perhaps you mean " + body.getString("suggestion") + "?";
            case "selection-changed", "precondition-failed" -> "Look again, then order again.";
            case "idempotency-key-reused" ->
                "An earlier order with this key was accepted: see redrive job list. For "
                        + "another order take another key.";
            case "outcome-unknown" -> "Look at the replay before you try again: redrive ls outcome:uncertain";
            case "conflict-state" ->
                body.getJsonArray("allowedActions") == null
                        ? null
                        : "Possible now: " + String.join(", ", actions()) + ".";
            default -> body.getBoolean("retryable", false) ? "Try again a little later." : null;
        };
    }

    private List<String> actions() {
        var actions = body.getJsonArray("allowedActions").stream()
                .map(String::valueOf)
                .toList();
        return actions.isEmpty() ? List.of("nothing") : actions;
    }
}
