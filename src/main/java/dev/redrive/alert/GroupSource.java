package dev.redrive.alert;

import dev.redrive.grouping.FailureGroup;
import dev.redrive.grouping.GroupWatchStore;
import dev.redrive.grouping.GroupWatchStore.Met;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;

/** Alerts about failure groups. */
final class GroupSource {

    private final Links links;

    GroupSource(Links links) {
        this.links = links;
    }

    Future<Looked> regressed(SqlClient client, AlertRule rule, Instant now) {
        return GroupWatchStore.regressed(client, Sources.since(rule, now), now)
                .map(met -> Looked.all(met.stream().map(this::regressed).toList()));
    }

    Future<Looked> escalating(SqlClient client, AlertRule rule, Instant now) {
        return GroupWatchStore.escalating(client, rule.window(), rule.threshold(3), now)
                .map(met -> Looked.upTo(
                        GroupWatchStore.MOST,
                        met.stream().map(group -> escalating(group, rule)).toList()));
    }

    AlertNotice created(FailureGroup group, Instant now) {
        var met = new Met(
                group.id(),
                group.title(),
                group.message(),
                group.topic(),
                group.originTopic(),
                group.consumerGroup(),
                group.convention(),
                null,
                1,
                now);
        var data =
                data(met).put("firstSeenAt", Times.rfc3339(group.firstSeenAt())).put("letters", 1);
        return notice(Condition.NEW_GROUP, "", met, title(met), data);
    }

    /** It may come back again and again; each time is a moment of its own. */
    AlertNotice regressed(Met met) {
        var data = data(met).put("regressedAt", Times.rfc3339(met.at())).put("letters", met.letters());
        return notice(
                Condition.REGRESSED,
                "@" + met.at().toEpochMilli(),
                met,
                title(met) + " is back after it was resolved",
                data);
    }

    private AlertNotice escalating(Met met, AlertRule rule) {
        var hours = Math.max(1, rule.window().toHours());
        var title = title(met) + " escalates: " + Texts.counted(met.letters(), "letter", "letters") + " in "
                + Texts.counted(hours, "hour", "hours");
        return notice(Condition.ESCALATING, "", met, title, data(met));
    }

    /** The subject of a group, for whoever only wants to know whom it is about. */
    static AlertSubject subject(Met met) {
        return subject(met, "");
    }

    private static AlertNotice notice(Condition condition, String time, Met met, String title, JsonObject data) {
        return AlertNotice.of(condition, subject(met, time), title, met.letters(), met.at(), page(met.id()), data);
    }

    private static AlertSubject subject(Met met, String time) {
        return new AlertSubject(
                AlertSubject.Kind.GROUP,
                met.id() + time,
                met.title(),
                met.topic(),
                met.originTopic(),
                null,
                met.consumerGroup(),
                met.convention(),
                met.title(),
                met.message());
    }

    private static String page(long id) {
        return "/failure-groups/" + id;
    }

    /** The screen of a group with the letters up to one and none that came later; without a letter it is as it is. */
    static String frozen(String path, long newest) {
        return newest == 0 ? path : path + "?until=" + newest;
    }

    private static String title(Met met) {
        return Texts.shown(met.title());
    }

    private JsonObject data(Met met) {
        var data = met.runbook() == null ? new JsonObject() : new JsonObject().put(AlertNotice.RUNBOOK, met.runbook());
        return data.put("failureGroupId", Long.toString(met.id()))
                .put("topic", Texts.bounded(met.topic()))
                .put("originTopic", Texts.bounded(met.originTopic()))
                .put("consumerGroup", Texts.bounded(met.consumerGroup()))
                .put("convention", Texts.bounded(met.convention()))
                .put(
                        "commands",
                        JsonArray.of(
                                links.curl(page(met.id())),
                                links.curl("/dead-letters?failureGroup=" + met.id() + "&status=open")));
    }
}
