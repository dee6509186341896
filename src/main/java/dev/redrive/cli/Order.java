package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that change letters, and the way from a selection to a job. */
final class Order {

    private static final Pattern KEY = Pattern.compile("[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255}");

    @Option(
            names = "--reason",
            paramLabel = "<text>",
            description = "Why; stands in the audit. Needed for several letters.")
    @Nullable
    String reason;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before several letters are changed.")
    boolean yes;

    @Option(names = "--dry-run", description = "Say what would happen and change nothing.")
    boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "<seconds>",
            arity = "0..1",
            fallbackValue = "600",
            description = "Wait for the end, so long at most (default: ${FALLBACK-VALUE}).")
    @Nullable
    Integer wait;

    @Option(
            names = "--idempotency-key",
            paramLabel = "<key>",
            description = "The same key orders once. Without it one is made and told on standard error.")
    @Nullable
    String key;

    /** A structured-field string, told where nobody gave it. */
    String key(Output output) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw Failure.usage(
                    "--idempotency-key has 1 to 255 printable ASCII characters without quotes and backslashes");
        }
        var used = key == null ? UUID.randomUUID().toString() : key;
        if (key == null) {
            output.note(Api.KEY + ": " + used);
        }
        return '"' + used + '"';
    }

    String neededReason() {
        if (reason == null || reason.isBlank()) {
            throw Failure.usage("Say --reason: it stands in the audit of every letter");
        }
        return reason;
    }

    /** @throws Failure with {@link Exit#NOTHING} where it is empty */
    static JsonObject select(Api api, Which which) {
        var selection = api.post("/selections", which.selection()).orFail().body();
        if (selection.getJsonObject("count").getLong("value") == 0) {
            throw new Failure(Exit.NOTHING, "No letter matches", null);
        }
        return selection;
    }

    /** @return the job, at its end where somebody wants to wait */
    JsonObject order(Api api, Output output, String type, JsonObject selection, JsonObject options) {
        var body = new JsonObject()
                .put("type", type)
                .put("selectionId", selection.getString("id"))
                .put("expectedCount", selection.getJsonObject("count").getLong("value"))
                .put("reason", neededReason())
                .put("options", options);
        return order(api, output, "/jobs", body);
    }

    /** @return the job that the body orders there, at its end where somebody wants to wait */
    JsonObject order(Api api, Output output, String path, JsonObject body) {
        var job = api.post(path, body, Api.KEY, key(output)).orFail().body();
        return wait == null ? job : new Waiting(api, output, wait).forJob(job);
    }

    /**
     * The job that this key ordered before: the letters it took are not there for a second selection.
     *
     * @return null where there is none, or nobody named a key; the job at its end where somebody wants to wait
     * @throws Failure with {@link Exit#REFUSED} where that order was another one
     */
    @Nullable
    JsonObject before(Api api, Output output, String type, Which which) {
        if (key == null || dryRun) {
            return null;
        }
        key(output);
        var found = api.get("/jobs?idempotencyKey=" + URLEncoder.encode(key, StandardCharsets.UTF_8))
                .orFail()
                .body()
                .getJsonArray("items");
        if (found.isEmpty()) {
            return null;
        }
        var job = found.getJsonObject(0);
        var id = job.getString("id");
        if (!type.equals(job.getString("type"))
                || !neededReason().strip().equals(job.getString("reason"))
                || !which.isMeantBy(job.getString("q"))) {
            throw new Failure(
                    Exit.REFUSED,
                    "This key ordered another job before: " + id,
                    "redrive job show " + id + " tells which. Take a new key for a new order.");
        }
        output.note("This key ordered job " + id + " before; nothing new was ordered");
        return wait == null ? job : new Waiting(api, output, wait).forJob(job);
    }

    /** @return false where the person who was asked said no */
    boolean isMeant(Output output, String question) {
        if (yes || output.confirms(question)) {
            return true;
        }
        output.note("Nothing was done");
        return false;
    }
}
