package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the outbox carries of alerts: ids, counts, names, links and commands. The facts of a subject stay here; the message
 * of a failure, even normalised, can hold what a customer typed.
 */
final class AlertMessage {

    private static final int MOST_LISTED = 20;

    /** The outbox takes 16 KiB; escaped characters and what is around the list need the rest. */
    private static final int LIST_BYTES = 9_000;

    private final Links links;

    AlertMessage(Links links) {
        this.links = links;
    }

    /** As {@link #of(Episode)}. @param letter whose payload it shows to endpoints that may see it; null: none */
    JsonObject of(Episode alert, @Nullable Long letter) {
        var data = of(alert);
        return letter == null ? data : data.put(PayloadExcerpt.LETTER, letter.toString());
    }

    /** About one alert. */
    JsonObject of(Episode alert) {
        boolean over = alert.isResolved();
        var data = alert.data()
                .copy()
                .put("alert", alert.condition().word())
                .put("alertId", Long.toString(alert.id()))
                .put("rule", alert.ruleName())
                .put("title", over ? over(alert) : alert.title())
                .put("status", status(alert.condition(), over))
                .put("severity", alert.severity())
                .put("since", Times.rfc3339(alert.since()))
                .put("firedAt", time(alert.firedAt()))
                .put("resolvedAt", time(alert.resolvedAt()))
                .put("count", alert.count())
                .put("subject", alert.subject().toJson())
                .put("link", links.page(alert.path()))
                .put("runbook", alert.runbook());
        if (!data.containsKey("commands")) {
            data.put("commands", commands("/alerts/" + alert.id()));
        }
        if (data.containsKey("letters")) {
            data.put("letters", alert.count());
        }
        return data;
    }

    /**
     * About several alerts of one rule.
     *
     * @param firing whether any of those that were told together still fires
     */
    JsonObject of(AlertRule rule, List<Episode> alerts, boolean firing) {
        var listed = new JsonArray();
        int bytes = 0;
        for (var alert : alerts.stream()
                .sorted(Comparator.comparingLong(Episode::count).reversed())
                .limit(MOST_LISTED)
                .toList()) {
            var entry = entry(alert);
            bytes += entry.toBuffer().length();
            if (bytes > LIST_BYTES) {
                break;
            }
            listed.add(entry);
        }
        var condition = rule.condition();
        var ended = alerts.stream().filter(Episode::isResolved).count();
        return new JsonObject()
                .put("alert", condition.word())
                .put("rule", rule.spec().name())
                .put("title", title(condition, alerts.size(), ended))
                .put("status", status(condition, !firing))
                .put("severity", rule.spec().severity())
                .put("since", since(alerts))
                .put("count", alerts.size())
                .put("link", links.page("/alerts"))
                .put("runbook", rule.spec().runbookUrl())
                .put("commands", commands("/alerts?ruleId=" + rule.id()))
                .put("alerts", listed)
                .put("more", alerts.size() - listed.size());
    }

    private static String over(Episode alert) {
        var because = alert.data().getString(AlertNotice.OVER_BECAUSE);
        return "Over: " + alert.title() + (because == null ? "" : ". " + because);
    }

    private JsonObject entry(Episode alert) {
        return new JsonObject()
                .put("alertId", Long.toString(alert.id()))
                .put("title", Texts.bounded(alert.title(), 150))
                .put("status", status(alert.condition(), alert.isResolved()))
                .put("count", alert.count())
                .put("link", links.page(alert.path()));
    }

    private static String title(Condition condition, int all, long ended) {
        if (ended == all) {
            return "Over: " + all + " " + condition.many();
        }
        return all + " " + condition.many() + (ended == 0 ? "" : ", " + ended + " of them over");
    }

    private static @Nullable String since(List<Episode> alerts) {
        return alerts.stream()
                .map(Episode::since)
                .min(Comparator.naturalOrder())
                .map(Times::rfc3339)
                .orElse(null);
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : Times.rfc3339(time);
    }

    /** A moment is no state that could end. */
    private static String status(Condition condition, boolean over) {
        return condition.isMoment() ? "info" : over ? "resolved" : "firing";
    }

    private JsonArray commands(String path) {
        return JsonArray.of(links.curl(path), links.curl("/alerts?state=firing"));
    }
}
