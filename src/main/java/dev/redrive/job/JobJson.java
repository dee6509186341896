package dev.redrive.job;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Selections and jobs as the contract has them. */
final class JobJson {

    /** Counters that only jobs which replay have. */
    private static final List<String> REPLAYED =
            List.of("held", "queued", "sending", "sent", "recovered", "returned", "uncertain", "cancelled");

    private JobJson() {}

    static String pathOf(UUID id) {
        return "/api/v1/jobs/" + id;
    }

    /**
     * @param changeable whether its work has options that can be changed under way
     * @param retries results whose letters another job may take up again
     * @param progress what its work says besides; null where it says nothing
     */
    static JsonObject of(
            Job job, boolean undoable, boolean changeable, List<String> retries, @Nullable JsonObject progress) {
        var retry = job.order().retry();
        var json = new JsonObject()
                .put("id", job.order().id().toString())
                .put("type", job.order().type())
                .put("state", job.state().word())
                .put("stateReason", job.stateReason())
                .put("stage", null)
                .put("q", job.scope().q())
                .put("options", job.order().options())
                .put("reason", job.order().reason())
                .put("requestedBy", job.order().actor())
                .put("counters", counters(job))
                .put("undoable", undoable)
                .put("undoes", text(job.order().undoes()))
                .put("undoneBy", text(job.undoneBy()))
                .put("retryOf", retry == null ? null : retry.job().toString())
                .put("retryResults", retry == null ? null : new JsonArray(List.copyOf(new TreeSet<>(retry.results()))))
                .put(
                        "retriedBy",
                        new JsonArray(
                                job.retriedBy().stream().map(UUID::toString).toList()))
                .put("waitsFor", null)
                .put("rewind", null)
                .put("exclusions", new JsonArray())
                .put("allowedActions", new JsonArray(actions(job, undoable, changeable)))
                .put("version", job.version())
                .put("notBefore", Times.rfc3339(job.notBefore()))
                .put("createdAt", Times.rfc3339(job.createdAt()))
                .put("startedAt", Times.rfc3339(job.startedAt()))
                .put("finishedAt", Times.rfc3339(job.finishedAt()));
        pace(json, job);
        if (progress != null) {
            progressed(json, job, progress);
        }
        var counters = json.getJsonObject("counters");
        // To try uncertain letters again is refused one by one, so that is nothing to offer.
        boolean retriable =
                retries.stream().anyMatch(result -> !result.equals("uncertain") && isCounted(counters, result));
        if (isOver(job) && retriable) {
            json.getJsonArray("allowedActions").add("retry");
        }
        return json;
    }

    private static void progressed(JsonObject json, Job job, JsonObject progress) {
        json.mergeIn(progress.copy(), true);
        var counters = json.getJsonObject("counters");
        if (job.state() != Job.State.RUNNING) {
            json.put("etaSeconds", null).put("waitsFor", null);
        }
        if (counters.getValue("sent") == null) {
            return;
        }
        if (job.state() == Job.State.PAUSED && isCounted(counters, "held") && isTroubled(counters)) {
            json.getJsonArray("allowedActions").add("exclude");
        }
        counters.put("failed", job.failed() + counters.getLong("failed"));
        if (job.state().isFinal()) {
            json.put("rate", rate(job, counters.getLong("sent") + counters.getLong("failed")));
        }
        if (job.state() == Job.State.CANCELLED) {
            json.put("stateReason", recalled(job, counters.getLong("sent")));
        }
    }

    /** Whether everything it did is done; a job that was cancelled may still have letters to let go. */
    static boolean isOver(Job job) {
        return job.state().isFinal() && !job.clearing();
    }

    /** Whether some of its letters did not go well, so that others of their failure groups may not either. */
    private static boolean isTroubled(JsonObject counters) {
        return Stream.of("returned", "failed", "uncertain").anyMatch(result -> isCounted(counters, result));
    }

    private static boolean isCounted(JsonObject counters, String result) {
        return counters.getValue(result) instanceof Number letters && letters.longValue() > 0;
    }

    /** How fast the letters are gone through, and how long it takes at that rate. */
    private static void pace(JsonObject json, Job job) {
        var rate = rate(job, job.processed());
        long rest = Math.max(0, job.total() - job.processed());
        json.put("rate", rate)
                .put("etaSeconds", rate == null || job.state() != Job.State.RUNNING ? null : Math.ceil(rest / rate));
    }

    /** From its beginning to its end, or to now. @return letters a second; null where that says nothing */
    private static @Nullable Double rate(Job job, long letters) {
        var started = job.startedAt();
        var until = job.finishedAt() == null ? job.asOf() : job.finishedAt();
        double seconds = started == null ? 0 : Duration.between(started, until).toMillis() / 1_000.0;
        double rate = seconds <= 0 ? 0 : Math.round(10 * letters / seconds) / 10.0;
        return rate > 0 ? rate : null;
    }

    /** Grows for as long as letters that a lane had taken are on their way. */
    private static String recalled(Job job, long sent) {
        var why = job.stateReason();
        return "%,d were sent and cannot be recalled".formatted(sent) + (why == null ? "" : ": " + why);
    }

    private static JsonObject counters(Job job) {
        // Letters that changed after the selection was frozen are no longer found; only at the end is it known how
        // many.
        boolean complete = job.gathered()
                || job.state() == Job.State.SUCCEEDED
                || job.state() == Job.State.SUCCEEDED_WITH_FAILURES;
        var counters = new JsonObject()
                .put("total", job.total())
                .put("relation", job.totalExact() ? "eq" : "gte")
                .put("done", job.done())
                .put("skipped", job.skipped())
                .put("failed", job.failed())
                .put("gone", complete && job.totalExact() ? Math.max(0, job.total() - job.processed()) : null);
        REPLAYED.forEach(name -> counters.putNull(name));
        return counters;
    }

    static List<String> actions(Job job, boolean undoable, boolean changeable) {
        var actions = new ArrayList<String>();
        if (job.state() == Job.State.RUNNING || job.state() == Job.State.SCHEDULED) {
            actions.add("pause");
        }
        if (job.state() == Job.State.PAUSED) {
            actions.add("resume");
        }
        if (!job.state().isFinal()) {
            actions.add("cancel");
            if (changeable) {
                actions.add("change");
            }
        } else if (undoable && job.done() > 0 && job.undoneBy() == null) {
            actions.add("undo");
        }
        return actions;
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }

    static JsonObject of(JobStore.Item item) {
        return new JsonObject()
                .put("letterId", Long.toString(item.letterId()))
                .put("result", item.result())
                .put("detail", item.detail())
                .put("replayId", text(item.replayId()))
                .put("at", Times.rfc3339(item.at()));
    }

    static JsonObject of(SelectionStore.Selection selection) {
        var scope = selection.scope();
        return new JsonObject()
                .put("id", selection.id().toString())
                .put("q", scope.q())
                .put("count", count(selection.letters(), selection.exact()))
                .put("watermark", Long.toString(scope.watermark()))
                .put("frozenAt", Times.rfc3339(scope.frozenAt()))
                .put("expiresAt", Times.rfc3339(selection.expiresAt()));
    }

    static JsonObject count(long letters, boolean exact) {
        return new JsonObject().put("value", letters).put("relation", exact ? "eq" : "gte");
    }

    /** What is in a selection at this moment. */
    static JsonObject tally(Tally tally) {
        var warnings = new JsonArray();
        if (!tally.isExact()) {
            warnings.add("Counting stopped early; there are more letters than that");
        }
        long replaying = tally.byStatus().getOrDefault("replaying", 0L);
        if (replaying > 0) {
            warnings.add("%,d are being replayed".formatted(replaying));
        }
        return new JsonObject()
                .put("byTopic", counts(tally.byTopic(), "topic"))
                .put("byStatus", counts(tally.byStatus(), "status"))
                .put("warnings", warnings);
    }

    private static JsonArray counts(Map<String, Long> counts, String name) {
        var array = new JsonArray();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry ->
                        array.add(new JsonObject().put(name, entry.getKey()).put("letters", entry.getValue())));
        return array;
    }
}
