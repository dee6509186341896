package dev.redrive.grouping;

import dev.redrive.grouping.FailureGroup.Counts;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A failure group as the contract shows it, without its trend. */
final class FailureGroupJson {

    private FailureGroupJson() {}

    static JsonObject of(FailureGroup group) {
        return new JsonObject()
                .put("id", Long.toString(group.id()))
                .put("state", group.triage().state())
                .put("title", group.title())
                .put("message", group.message())
                .put("culprit", group.culprit())
                .put("originTopic", group.originTopic())
                .put("topic", group.topic())
                .put("consumerGroup", group.consumerGroup())
                .put("convention", group.convention())
                .put("counts", counts(group.counts()))
                .put("recentLetters", group.recentLetters())
                .put("firstSeenAt", Times.rfc3339(group.firstSeenAt()))
                .put("lastSeenAt", Times.rfc3339(group.lastSeenAt()))
                .put(
                        "fingerprint",
                        "v" + group.version() + ":" + group.fingerprint().substring(2))
                .put("parts", parts(group))
                .mergeIn(triage(group.triage()));
    }

    private static JsonObject triage(Triage triage) {
        return new JsonObject()
                .put("version", triage.version())
                .put("label", triage.label())
                .put("assignee", triage.assignee())
                .put("tags", new JsonArray(triage.tags()))
                .put("ticketUrl", triage.ticketUrl())
                .put("runbookUrl", triage.runbookUrl())
                .put("notes", triage.notes())
                .put("merged", triage.merged())
                .put("snooze", triage.snooze() == null ? null : snooze(triage.snooze()))
                .put("decidedBy", triage.decidedBy())
                .put("decidedAt", Times.rfc3339(triage.decidedAt()))
                .put("regressedAt", Times.rfc3339(triage.regressedAt()));
    }

    private static JsonObject snooze(Triage.Snooze snooze) {
        return new JsonObject()
                .put("until", Times.rfc3339(snooze.until()))
                .put("letters", snooze.letters())
                .put("rate", snooze.rate());
    }

    private static JsonObject counts(Counts counts) {
        return new JsonObject()
                .put("letters", counts.letters())
                .put("open", counts.open())
                .put("replaying", counts.replaying())
                .put("replayed", counts.replayed())
                .put("recovered", counts.recovered())
                .put("returned", counts.returned())
                .put("discarded", counts.discarded())
                .put("purged", counts.purged());
    }

    private static JsonArray parts(FailureGroup group) {
        var parts = new JsonArray();
        for (var part : group.parts()) {
            parts.add(new JsonObject().put("name", part.name()).put("value", part.value()));
        }
        return parts;
    }
}
