package dev.redrive.alert;

import dev.redrive.filter.FilterException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what was noticed into alerts of every rule that waits for it, in the transaction of whoever noticed. A rule whose
 * query cannot be read any more fits nothing: it never becomes wider, and nobody who stores letters waits for it.
 */
final class Noticing {

    private static final Logger log = LoggerFactory.getLogger(Noticing.class);

    private Noticing() {}

    /** @return done when it is written; what no rule waits for is written nowhere */
    static Future<Void> tell(SqlConnection connection, List<AlertNotice> notices, Instant now) {
        var byCondition = new LinkedHashMap<Condition, List<AlertNotice>>();
        for (var notice : notices) {
            byCondition.merge(notice.condition(), List.of(notice), Noticing::joined);
        }
        return AlertRuleStore.enabled(connection, List.copyOf(byCondition.keySet()))
                .compose(rules -> {
                    Future<Integer> chain = Future.succeededFuture(0);
                    for (var rule : rules) {
                        var all = byCondition.getOrDefault(rule.condition(), List.of());
                        chain = chain.compose(
                                before -> tell(connection, rule, all, now).map(here -> before + here));
                    }
                    return chain;
                })
                .compose(written -> written == 0 ? Future.succeededFuture() : AlertRuleStore.changed(connection));
    }

    private static List<AlertNotice> joined(List<AlertNotice> some, List<AlertNotice> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static Future<Integer> tell(SqlConnection connection, AlertRule rule, List<AlertNotice> all, Instant now) {
        var holding = fitting(rule, all).stream().filter(AlertNotice::holds).toList();
        return EpisodeStore.hold(connection, rule, holding, now)
                .compose(held -> EpisodeStore.calm(connection, rule, over(all, holding), now)
                        .map(calmed -> held + calmed));
    }

    /** What holds but does not fit the rule, by now or any more, is over for the rule; a moment never is. */
    private static List<AlertNotice> over(List<AlertNotice> all, List<AlertNotice> holding) {
        var held = new HashSet<>(holding);
        return all.stream()
                .filter(notice -> !notice.condition().isMoment() && !held.contains(notice))
                .toList();
    }

    /** @return the notices that fit the query of the rule */
    static List<AlertNotice> fitting(AlertRule rule, List<AlertNotice> notices) {
        var bad = notices.stream().filter(notice -> isBadEnough(rule, notice)).toList();
        var query = rule.spec().query();
        var asks = rule.condition().asks();
        if (query == null || asks == Condition.Asks.LETTERS) {
            return bad;
        }
        try {
            var filter = SubjectFilter.of(query, asks.fields());
            return bad.stream()
                    .filter(notice -> filter.fits(notice.subject(), notice.title(), null, null))
                    .toList();
        } catch (FilterException invalid) {
            log.warn("Alert rule {} fits nothing: {}", rule.id(), invalid.getMessage());
            return List.of();
        }
    }

    /** Who looks at what will expire tells of it from half of the retention on; a rule may want to hear of it later. */
    private static boolean isBadEnough(AlertRule rule, AlertNotice notice) {
        var most = rule.spec().threshold();
        var left = notice.data().getNumber("headroomPercent");
        return rule.condition() != Condition.EXPIRY || most == null || left == null || left.doubleValue() < most;
    }
}
