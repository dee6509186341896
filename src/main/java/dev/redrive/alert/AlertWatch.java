package dev.redrive.alert;

import dev.redrive.TimeLimit;
import dev.redrive.grouping.GroupWatchStore;
import dev.redrive.letter.LetterWatchStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at every rule, and one at what there is to tell. Everything that is decided is in rows; nothing is remembered
 * from look to look, so a process that dies or loses the lease leaves nothing behind. Two that look at once write the same.
 */
final class AlertWatch {

    private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);

    private final Pool pool;
    private final Sources sources;
    private final Teller teller;
    private final Set<String> clusters;
    private final Duration calm;

    /**
     * @param clusters names of those that the settings have: nobody looks at what lies in others
     * @param calm how long a condition must be over before its alert is, so that one on the edge is told of once
     */
    AlertWatch(Pool pool, Sources sources, Teller teller, Set<String> clusters, Duration calm) {
        this.pool = pool;
        this.sources = sources;
        this.teller = teller;
        this.clusters = Set.copyOf(clusters);
        this.calm = calm;
    }

    /** Looks for what every rule waits for. A rule that fails keeps its alerts as they are and hinders no other. */
    Future<Void> look(Instant now, TimeLimit limit) {
        return LetterWatchStore.mark(pool, now)
                .compose(marked -> AlertRuleStore.enabled(pool, Arrays.asList(Condition.values())))
                .compose(rules -> {
                    Future<Integer> chain = Future.succeededFuture(0);
                    for (var rule : rules) {
                        chain = chain.compose(limit::pass)
                                .compose(before -> look(rule, now).map(changed -> before + changed));
                    }
                    return chain;
                })
                .compose(limit::pass)
                .compose(changed -> pool.withTransaction(connection -> settle(connection, now))
                        .map(settled -> changed + settled))
                .compose(changed -> changed == 0 ? Future.succeededFuture() : AlertRuleStore.changed(pool));
    }

    private Future<Integer> look(AlertRule rule, Instant now) {
        return pool.withTransaction(connection -> sources.look(connection, rule, now)
                        .map(looking -> looking.compose(looked -> apply(connection, rule, looked, now)))
                        .orElseGet(() -> Future.succeededFuture(0)))
                .recover(failure -> {
                    log.warn("Alert rule {} cannot be looked at for now: {}", rule.id(), failure.toString());
                    log.debug("Cause", failure);
                    return Future.succeededFuture(0);
                });
    }

    private static Future<Integer> apply(SqlConnection connection, AlertRule rule, Looked looked, Instant now) {
        var holding = Noticing.fitting(rule, looked.holding());
        return EpisodeStore.hold(connection, rule, holding, now)
                .compose(held -> looked.whole()
                        ? EpisodeStore.calmOthers(connection, rule, holding, looked.unknown(), now)
                                .map(calmed -> held + calmed)
                        : Future.succeededFuture(held));
    }

    private Future<Integer> settle(SqlConnection connection, Instant now) {
        return EpisodeStore.leave(connection, clusters, now)
                .compose(left -> EpisodeStore.settle(connection, calm, now).map(settled -> left + settled))
                .compose(settled -> EpisodeStore.groupsOfMoments(connection)
                        .compose(groups -> groups.isEmpty()
                                ? Future.succeededFuture(Set.<Long>of())
                                : GroupWatchStore.handled(connection, groups))
                        .compose(handled -> EpisodeStore.pass(connection, handled, now))
                        .map(passed -> settled + passed));
    }

    /** Tells what is due. A rule that fails tells later and hinders no other. */
    Future<Void> tell(Instant now, TimeLimit limit) {
        return TellingStore.due(pool, now).compose(rules -> tell(rules, now, limit));
    }

    private Future<Void> tell(List<Long> rules, Instant now, TimeLimit limit) {
        Future<Boolean> chain = Future.succeededFuture(false);
        for (var rule : rules) {
            chain = chain.compose(limit::pass).compose(before -> tell(rule, now).map(told -> before || told));
        }
        return chain.compose(told -> told ? AlertRuleStore.changed(pool) : Future.succeededFuture());
    }

    private Future<Boolean> tell(long rule, Instant now) {
        return pool.withTransaction(connection -> teller.tell(connection, rule, now))
                .recover(failure -> {
                    log.warn("Alert rule {} cannot tell for now: {}", rule, failure.toString());
                    log.debug("Cause", failure);
                    return Future.succeededFuture(false);
                });
    }

    /** Forgets what has long been over. */
    Future<Void> prune(Instant now) {
        return pool.withTransaction(
                connection -> EpisodeStore.prune(connection, now).compose(pruned -> EventStore.prune(connection, now)));
    }
}
