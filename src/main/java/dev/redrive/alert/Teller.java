package dev.redrive.alert;

import dev.redrive.alert.Episode.Suppression;
import dev.redrive.alert.OutboxStore.Telling;
import dev.redrive.grouping.FailureGroupStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a rule has to say to the outbox: after the first alert it waits for others, and between two messages for the
 * group interval (as Alertmanager's group_wait, group_interval and repeat_interval). One alert is told in an episode of its
 * own, several together in one of the rule; each alert's end goes the way its beginning went, so it cannot overtake. What
 * is told and that it was told are one transaction, and the row of the rule lets one process at a time tell.
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
        return TellingStore.inHand(connection, rule.id()).compose(inHand -> {
            var untold = inHand.stream().filter(Episode::isUntold).toList();
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
        });
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
                .compose(firing -> {
                    var tellings = new ArrayList<Telling>();
                    parts.forEach((episode, alerts) ->
                            tellings.add(message(rule, episode, alerts, firing.contains(episode))));
                    return combined(connection, tellings).compose(withdrawn -> OutboxStore.tell(connection, tellings));
                })
                .compose(written -> TellingStore.told(connection, toldAs, now))
                .compose(marked -> AlertRuleStore.told(connection, rule.id(), now))
                .map(true);
    }

    /** A beginning that an endpoint never got is not told behind its end: the end says when it began. */
    private static Future<Void> combined(SqlConnection connection, List<Telling> tellings) {
        var ended = tellings.stream()
                .filter(telling -> telling.event().type().equals(RESOLVED))
                .map(telling -> telling.event().episode())
                .toList();
        return ended.isEmpty() ? Future.succeededFuture() : OutboxStore.withdraw(connection, ended);
    }

    private Telling message(AlertRule rule, String episode, List<Episode> alerts, boolean othersFire) {
        boolean firing = othersFire || alerts.stream().anyMatch(alert -> !alert.isResolved());
        var type = firing ? rule.condition().event() : RESOLVED;
        var only = alerts.get(0);
        if (alerts.size() == 1 && episode.startsWith("alert:")) {
            var event = new AlertEvent(type, episode, only.failureGroupId(), messages.of(only));
            return telling(rule, event, only.id());
        }
        JsonObject data = messages.of(rule, alerts, firing);
        return telling(rule, new AlertEvent(type, episode, null, data), null);
    }

    private static Telling telling(AlertRule rule, AlertEvent event, @Nullable Long alertId) {
        return new Telling(event, rule.messages(), alertId, rule.spec().endpoints(), null);
    }
}
