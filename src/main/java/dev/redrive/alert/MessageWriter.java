package dev.redrive.alert;

import dev.redrive.alert.EventStore.Telling;
import dev.redrive.alert.EventStore.Withdrawn;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
                .compose(firing -> combined(connection, parts, firing)
                        .compose(all -> shown(connection, rule, all.values()).compose(letters -> {
                            var tellings = new ArrayList<Telling>();
                            all.forEach((episode, alerts) ->
                                    tellings.add(message(rule, episode, alerts, firing.contains(episode), letters)));
                            return EventStore.tell(connection, tellings);
                        })))
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

    /**
     * A beginning that an endpoint never got is not told behind its end: the end says when it began. So it says it also of
     * what was over before the others of its episode were, and of which nobody has heard either.
     *
     * @return the parts with what the ends tell besides
     */
    private static Future<Map<String, List<Episode>>> combined(
            SqlConnection connection, Map<String, List<Episode>> parts, Set<String> firing) {
        var ended = parts.entrySet().stream()
                .filter(part -> !firing.contains(part.getKey())
                        && part.getValue().stream().allMatch(Episode::isResolved))
                .map(Map.Entry::getKey)
                .toList();
        if (ended.isEmpty()) {
            return Future.succeededFuture(parts);
        }
        return EventStore.withdraw(connection, ended).compose(withdrawn -> {
            var all = new LinkedHashMap<>(parts);
            Future<Void> chain = Future.succeededFuture();
            for (var episode : ended) {
                var unheard = unheard(withdrawn, episode, parts.getOrDefault(episode, List.of()));
                chain = unheard.isEmpty()
                        ? chain
                        : chain.compose(before -> TellingStore.over(connection, unheard))
                                .map(over -> {
                                    all.merge(episode, over, MessageWriter::joined);
                                    return null;
                                });
            }
            return chain.map(done -> all);
        });
    }

    private static Set<Long> unheard(List<Withdrawn> withdrawn, String episode, List<Episode> told) {
        var ids = new TreeSet<Long>();
        withdrawn.stream()
                .filter(message -> message.episode().equals(episode))
                .forEach(message -> ids.addAll(message.alerts()));
        told.forEach(alert -> ids.remove(alert.id()));
        return ids;
    }

    private static List<Episode> joined(List<Episode> some, List<Episode> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
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
