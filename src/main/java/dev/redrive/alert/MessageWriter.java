package dev.redrive.alert;

import dev.redrive.alert.EventStore.Telling;
import dev.redrive.letter.LetterExcerptStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts alerts of a rule into messages, and these into the outbox together with the mark that they were told. */
final class MessageWriter {

    private static final String RESOLVED = "redrive.alert.resolved";

    private final AlertMessage messages;

    MessageWriter(AlertMessage messages) {
        this.messages = messages;
    }

    /**
     * @param fresh beginnings, in one message
     * @param told those that go the way their beginning went
     * @return whether anything was written
     */
    Future<Boolean> write(
            SqlConnection connection, AlertRule rule, List<Episode> fresh, List<Episode> told, Instant now) {
        if (fresh.isEmpty() && told.isEmpty()) {
            return Future.succeededFuture(false);
        }
        var parts = new LinkedHashMap<String, List<Episode>>();
        for (var alert : fresh) {
            var episode = fresh.size() == 1 ? "alert:" + alert.id() : "alerts:" + rule.id();
            parts.computeIfAbsent(episode, any -> new ArrayList<>()).add(alert);
        }
        for (var alert : told) {
            parts.computeIfAbsent(String.valueOf(alert.toldAs()), any -> new ArrayList<>())
                    .add(alert);
        }
        var toldAs = new HashMap<Long, String>();
        parts.forEach((episode, alerts) -> alerts.forEach(alert -> toldAs.put(alert.id(), episode)));
        return TellingStore.stillFiring(connection, rule.id(), parts.keySet())
                .compose(firing -> shown(connection, rule, parts.values()).compose(letters -> {
                    var tellings = new ArrayList<Telling>();
                    parts.forEach((episode, alerts) ->
                            tellings.add(message(rule, episode, alerts, firing.contains(episode), letters)));
                    return combined(connection, tellings).compose(withdrawn -> EventStore.tell(connection, tellings));
                }))
                .compose(written -> TellingStore.told(connection, toldAs, now))
                .compose(marked -> AlertRuleStore.told(connection, rule.id(), now))
                .map(true);
    }

    /** The letters that the rule shows, by failure group: of messages that are about one group and not about its end. */
    private static Future<Map<Long, Long>> shown(
            SqlConnection connection, AlertRule rule, Collection<List<Episode>> parts) {
        var groups = parts.stream()
                .filter(alerts -> alerts.size() == 1 && !alerts.get(0).isResolved())
                .map(alerts -> alerts.get(0).failureGroupId())
                .filter(Objects::nonNull)
                .toList();
        return rule.spec().showPayload() && !groups.isEmpty()
                ? LetterExcerptStore.firstOf(connection, groups)
                : Future.succeededFuture(Map.of());
    }

    /** A beginning that an endpoint never got is not told behind its end: the end says when it began. */
    private static Future<Void> combined(SqlConnection connection, List<Telling> tellings) {
        var ended = tellings.stream()
                .filter(telling -> telling.event().type().equals(RESOLVED))
                .map(telling -> telling.event().episode())
                .toList();
        return ended.isEmpty() ? Future.succeededFuture() : EventStore.withdraw(connection, ended);
    }

    private Telling message(
            AlertRule rule, String episode, List<Episode> alerts, boolean othersFire, Map<Long, Long> letters) {
        boolean firing = othersFire || alerts.stream().anyMatch(alert -> !alert.isResolved());
        var type = firing ? rule.condition().event() : RESOLVED;
        var only = alerts.get(0);
        if (alerts.size() == 1 && episode.startsWith("alert:")) {
            var group = only.failureGroupId();
            var letter = group == null ? null : letters.get(group);
            var event = new AlertEvent(type, episode, group, messages.of(only, letter));
            return telling(rule, event, only.id());
        }
        JsonObject data = messages.of(rule, alerts, firing);
        return telling(rule, new AlertEvent(type, episode, null, data), null);
    }

    static Telling telling(AlertRule rule, AlertEvent event, @Nullable Long alertId) {
        return new Telling(event, rule.messages(), alertId, rule.spec().endpoints(), null);
    }
}
