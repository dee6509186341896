package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job in words, and what its end means for whoever waited. */
final class JobReport {

    private static final List<String> COUNTERS = List.of(
            "total",
            "done",
            "skipped",
            "failed",
            "gone",
            "held",
            "queued",
            "sending",
            "sent",
            "recovered",
            "returned",
            "uncertain",
            "cancelled");

    private JobReport() {}

    static void show(Output output, JsonObject job) {
        if (output.isJson()) {
            output.json(job);
            return;
        }
        var table = new Table()
                .row("job", job.getString("id"))
                .row("type", job.getString("type"))
                .row("state", state(job))
                .row("filter", job.getString("q"))
                .row("reason", job.getString("reason"))
                .row("by", job.getString("requestedBy"))
                .row("created", job.getString("createdAt"))
                .row("finished", job.getString("finishedAt"));
        rewind(table, job.getJsonObject("rewind"));
        table.row("letters", counters(job)).row("possible", String.join(", ", words(job)));
        for (var excluded : Answer.objects(job.getJsonArray("exclusions"))) {
            table.row("excluded", excluded(excluded));
        }
        output.text(table);
    }

    /** How far each partition is, of a job that reads a topic again. */
    private static void rewind(Table table, @Nullable JsonObject rewind) {
        if (rewind == null) {
            return;
        }
        table.row(
                "read again",
                "%,d of %,d offsets: %,d letters added, %,d known already"
                        .formatted(
                                rewind.getLong("passed"),
                                rewind.getLong("offsets"),
                                rewind.getLong("added"),
                                rewind.getLong("known")));
        if (rewind.getBoolean("ingestPaused")) {
            table.row("waits", "ingest of " + rewind.getString("topic") + " is paused");
        }
        for (var each : rewind.getJsonArray("partitions")) {
            var part = (JsonObject) each;
            table.row(
                    "partition " + part.getInteger("partition"),
                    "%s, at %s of %s to %s"
                            .formatted(
                                    part.getString("phase"),
                                    part.getString("reachedOffset"),
                                    part.getString("fromOffset"),
                                    part.getString("toOffset")));
        }
    }

    private static String excluded(JsonObject exclusion) {
        return "%,d letters of failure group %s, %s"
                .formatted(
                        exclusion.getLong("letters"),
                        name(exclusion.getJsonObject("failureGroup")),
                        exclusion.getBoolean("complete") ? "by " + exclusion.getString("excludedBy") : "so far");
    }

    private static String name(JsonObject group) {
        var label = group.getString("label");
        return group.getString("id") + "  " + (label == null ? group.getString("title") : label);
    }

    static Table groups(List<JsonObject> groups) {
        var table = new Table("GROUP", "RETURNED", "FAILED", "UNCERTAIN", "HELD", "MESSAGE");
        for (var each : groups) {
            var group = each.getJsonObject("failureGroup");
            var more = each.getString("relation").equals("gte") ? "+" : "";
            table.row(
                    name(group),
                    each.getLong("returned") + more,
                    each.getLong("failed") + more,
                    each.getLong("uncertain") + more,
                    each.getLong("held") + more,
                    group.getString("message"));
        }
        return table;
    }

    static Table list(List<JsonObject> jobs) {
        var table = new Table("ID", "TYPE", "STATE", "LETTERS", "FAILED", "BY", "CREATED", "REASON");
        for (var job : jobs) {
            var counters = job.getJsonObject("counters");
            table.row(
                    job.getString("id"),
                    job.getString("type"),
                    job.getString("state"),
                    counters.getLong("done") + "/" + counters.getLong("total"),
                    counters.getLong("failed"),
                    job.getString("requestedBy"),
                    job.getString("createdAt"),
                    job.getString("reason"));
        }
        return table;
    }

    /** Says on standard error what is to do. */
    static Exit end(Output output, JsonObject job) {
        var id = job.getString("id");
        return switch (job.getString("state")) {
            case "succeeded" -> Exit.OK;
            case "succeeded-with-failures" ->
                uncertain(job) > 0
                        ? said(
                                output,
                                Exit.UNKNOWN,
                                "Somebody has to decide: redrive job items " + id + " --result uncertain")
                        : said(output, Exit.PARTLY, "Not everything went well: redrive job items " + id);
            case "paused" ->
                said(
                        output,
                        Exit.REFUSED,
                        "The job is held: " + job.getString("stateReason") + ". Then: redrive job resume " + id
                                + without(job, id));
            case "cancelled", "failed" ->
                said(
                        output,
                        Exit.PARTLY,
                        "The job was " + job.getString("state")
                                + (job.getString("stateReason") == null ? "" : ": " + job.getString("stateReason")));
            default -> said(output, Exit.UNKNOWN, "The job goes on; wait again: redrive job wait " + id);
        };
    }

    /** What else somebody can do about a job that is held. */
    private static String without(JsonObject job, String id) {
        return words(job).contains("exclude") ? ", or without one failure group: redrive job groups " + id : "";
    }

    private static Exit said(Output output, Exit exit, String what) {
        output.note(what);
        return exit;
    }

    private static String state(JsonObject job) {
        return word(job.getString("state")) + word(job.getString("stage")) + word(job.getString("stateReason"));
    }

    private static String word(@Nullable String text) {
        return text == null ? "" : text + "  ";
    }

    private static String counters(JsonObject job) {
        var counters = job.getJsonObject("counters");
        var text = new StringBuilder();
        for (var name : COUNTERS) {
            var count = counters.getLong(name);
            if (count != null && (count > 0 || name.equals("total"))) {
                text.append(text.isEmpty() ? "" : ", ").append("%,d %s".formatted(count, name));
            }
        }
        return text.toString();
    }

    private static long uncertain(JsonObject job) {
        var count = job.getJsonObject("counters").getLong("uncertain");
        return count == null ? 0 : count;
    }

    private static List<String> words(JsonObject job) {
        return job.getJsonArray("allowedActions").stream().map(String::valueOf).toList();
    }
}
