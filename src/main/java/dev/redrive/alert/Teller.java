package dev.redrive.alert;

import dev.redrive.alert.Episode.Suppression;
import dev.redrive.alert.OutboxStore.Telling;
import dev.redrive.grouping.FailureGroupStore;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a rule has to say to the outbox: after the first alert it waits for others, and between two messages for the
 * group interval (as Alertmanager's group_wait, group_interval and repeat_interval), which some conditions keep for each
 * topic. One alert is told in an episode of its own, several together in one of the rule; each alert's end goes the way
 * its beginning went, so it cannot overtake. What is told and that it was told are one transaction, and the row of the
 * rule lets one process at a time tell.
 */
final class Teller {

    private static final String RESOLVED = "redrive.alert.resolved";

    private final FailureGroupStore groups = new FailureGroupStore();
    private final AlertMessage messages;

    Teller(Links links) {
        this.messages = new AlertMessage(links);
    }

    /** @return whether anything was written. @param now by the clock that opens episodes */
    Future<Boolean> tell(SqlConnection connection, long ruleId, Instant now) {
        return AlertRuleStore.lock(connection, ruleId)
                .compose(rule -> rule.isPresent() && rule.get().mayTell(now)
                        ? tell(connection, rule.get(), now)
                        : Future.succeededFuture(false));
    }

    /** Without waiting for anything, because the rule goes: only what was told already gets its end. */
    Future<Boolean> tellEnds(SqlConnection connection, AlertRule rule, Instant now) {
        return TellingStore.inHand(connection, rule.id()).compose(inHand -> {
            var ends = inHand.stream().filter(Episode::isEndUntold).toList();
            return write(connection, rule, List.of(), ends, now);
        });
    }

    private Future<Boolean> tell(SqlConnection connection, AlertRule rule, Instant now) {
        return toldLately(connection, rule, now)
                .compose(lately -> TellingStore.inHand(connection, rule.id())
                        .compose(inHand -> tell(connection, rule, lately, inHand, now)));
    }

    /** Topics of which the rule says nothing new before their interval is over. */
    private static Future<Set<String>> toldLately(SqlConnection connection, AlertRule rule, Instant now) {
        return rule.condition().isToldByTopic()
                ? TellingStore.toldTopics(
                        connection, rule.id(), now.minus(rule.spec().groupInterval()))
                : Future.succeededFuture(Set.of());
    }

    private Future<Boolean> tell(
            SqlConnection connection, AlertRule rule, Set<String> lately, List<Episode> inHand, Instant now) {
        var untold = inHand.stream()
                .filter(Episode::isUntold)
                .filter(alert -> !lately.contains(String.valueOf(alert.subject().topic())))
                .toList();
        var again = inHand.stream()
                .filter(alert -> alert.isEndUntold() || alert.isToRepeat(rule, now))
                .toList();
        boolean waited = untold.stream()
                .anyMatch(alert -> alert.firedAt() != null
                        && !alert.firedAt().plus(rule.spec().groupWait()).isAfter(now));
        if (!waited && again.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return Suppressing.now(connection, now)
                .compose(suppressing -> speak(connection, rule, suppressing, untold, again, now));
    }

    private Future<Boolean> speak(
            SqlConnection connection,
            AlertRule rule,
            Suppressing suppressing,
            List<Episode> untold,
            List<Episode> again,
            Instant now) {
        var fresh = new ArrayList<Episode>();
        var told = new ArrayList<Episode>();
        Future<Boolean> kept = Future.succeededFuture(false);
        for (var alert : untold) {
            var by = suppressing.of(alert);
            if (by.isEmpty()) {
                fresh.add(alert);
            } else {
                kept = kept.compose(
                        before -> keep(connection, rule, alert, by.get()).map(news -> before || news));
            }
        }
        for (var alert : again) {
            var by = alert.isResolved() ? Optional.<Suppression>empty() : suppressing.of(alert);
            if (by.isEmpty()) {
                told.add(alert);
            } else {
                kept = kept.compose(
                        before -> keep(connection, rule, alert, by.get()).map(news -> before || news));
            }
        }
        return kept.compose(before -> counted(connection, fresh)
                .compose(counted -> write(connection, rule, counted, told, now))
                .map(written -> before || written));
    }

    /** Written down once for each silence; the end of it is found by looking again. */
    private Future<Boolean> keep(SqlConnection connection, AlertRule rule, Episode alert, Suppression by) {
        var before = alert.suppression();
        if (before != null && before.kind().equals(by.kind()) && Objects.equals(before.id(), by.id())) {
            return Future.succeededFuture(false);
        }
        var episode = alert.toldAs() == null ? "alert:" + alert.id() : alert.toldAs();
        var event = new AlertEvent(rule.condition().event(), episode, alert.failureGroupId(), messages.of(alert));
        var telling = telling(rule, event, alert.id())
                .suppressedBy(numberOf(by), by.kind() + " " + by.id() + ": " + by.what());
        return TellingStore.suppressed(connection, alert.id(), by)
                .compose(marked -> OutboxStore.tell(connection, List.of(telling)))
                .map(true);
    }

    /** Below those of messages: what is sent later must not be taken for what was kept back. */
    private static long numberOf(Suppression by) {
        var id = by.id();
        return id == null ? -1 : -2 * id - (by.kind().equals("silence") ? 0 : 1);
    }

    /** A failure group has grown while its alert waited. */
    private Future<List<Episode>> counted(SqlConnection connection, List<Episode> fresh) {
        var ids = fresh.stream()
                .map(Episode::failureGroupId)
                .filter(Objects::nonNull)
                .toList();
        if (ids.isEmpty()) {
            return Future.succeededFuture(fresh);
        }
        return groups.letters(connection, ids).compose(letters -> {
            Future<Void> chain = Future.succeededFuture();
            var counted = new ArrayList<Episode>();
            for (var alert : fresh) {
                var group = alert.failureGroupId();
                long count = group == null ? alert.count() : Math.max(alert.count(), letters.getOrDefault(group, 0L));
                counted.add(alert.with(count));
                if (count != alert.count()) {
                    chain = chain.compose(before -> TellingStore.count(connection, alert.id(), count));
                }
            }
            return chain.map(done -> counted);
        });
    }

    private Future<Boolean> write(
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
                    return combined(connection, tellings).compose(withdrawn -> OutboxStore.tell(connection, tellings));
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
        return ended.isEmpty() ? Future.succeededFuture() : OutboxStore.withdraw(connection, ended);
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

    private static Telling telling(AlertRule rule, AlertEvent event, @Nullable Long alertId) {
        return new Telling(event, rule.messages(), alertId, rule.spec().endpoints(), null);
    }
}
