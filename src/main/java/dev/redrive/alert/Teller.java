package dev.redrive.alert;

import dev.redrive.alert.Episode.Suppression;
import dev.redrive.grouping.FailureGroupStore;
import dev.redrive.letter.LetterWatchStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a rule has to say now: after the first alert it waits for others, and between two messages for the group
 * interval (as Alertmanager's group_wait, group_interval and repeat_interval), which some conditions keep for each topic.
 * One alert is told in an episode of its own, several together in one of the rule; each alert's end goes the way
 * its beginning went, so it cannot overtake. What is told and that it was told are one transaction, and the row of the
 * rule lets one process at a time tell.
 */
final class Teller {

    private final FailureGroupStore groups = new FailureGroupStore();
    private final AlertMessage messages;
    private final MessageWriter writer;

    Teller(Links links) {
        this.messages = new AlertMessage(links);
        this.writer = new MessageWriter(messages);
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
            return writer.write(connection, rule, List.of(), ends, now);
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
                ? TellingStore.toldTopics(connection, rule.id(), rule.spec().groupInterval(), now)
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
                        && AlertRule.isPast(alert.firedAt(), rule.spec().groupWait(), now));
        if (!waited && again.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return Suppressing.now(connection, rule, now)
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
        return kept.compose(before -> frozen(connection, fresh)
                .compose(frozen -> writer.write(connection, rule, frozen, told, now))
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
        var telling = MessageWriter.telling(rule, event, alert.id())
                .suppressedBy(numberOf(by), by.kind() + " " + by.id() + ": " + by.what());
        return TellingStore.suppressed(connection, alert.id(), by)
                .compose(marked -> EventStore.tell(connection, List.of(telling)))
                .map(true);
    }

    /** Below those of messages: what is sent later must not be taken for what was kept back. */
    private static long numberOf(Suppression by) {
        var id = by.id();
        return id == null ? -1 : -2 * id - (by.kind().equals("silence") ? 0 : 1);
    }

    /**
     * A failure group has grown while its alert waited, and goes on growing. What people are told leads to the letters
     * there are now, whatever comes later.
     */
    private Future<List<Episode>> frozen(SqlConnection connection, List<Episode> fresh) {
        var ids = fresh.stream()
                .map(Episode::failureGroupId)
                .filter(Objects::nonNull)
                .toList();
        if (ids.isEmpty()) {
            return Future.succeededFuture(fresh);
        }
        return groups.letters(connection, ids)
                .compose(letters -> LetterWatchStore.newest(connection).compose(newest -> {
                    var told = fresh.stream()
                            .map(alert -> frozen(alert, letters, newest))
                            .toList();
                    return TellingStore.freeze(connection, told).map(told);
                }));
    }

    private static Episode frozen(Episode alert, Map<Long, Long> letters, long newest) {
        var group = alert.failureGroupId();
        return group == null
                ? alert
                : alert.with(
                        Math.max(alert.count(), letters.getOrDefault(group, 0L)),
                        GroupSource.frozen(alert.path(), newest));
    }
}
