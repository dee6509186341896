package dev.redrive.alert;

import dev.redrive.alert.AlertRule.Spec;
import dev.redrive.cluster.ConsumerFigureStore;
import dev.redrive.grouping.GroupWatchStore;
import dev.redrive.grouping.GroupWatchStore.Met;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.LetterBacktestStore;
import dev.redrive.letter.TopicRateBacktestStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a rule would have fired, by what is stored: of letters that were purged, and of groups that came back before they
 * came back again, nothing is left to say.
 */
final class Backtest {

    private static final Duration BACK = Duration.ofDays(7);

    /** The history of lags is kept so long. */
    private static final Duration LAGS_BACK = Duration.ofHours(24);

    /** @param until null where it still would, and for a moment */
    record Firing(
            AlertSubject subject,
            long count,
            Instant at,
            @Nullable Instant until) {}

    /** @param firings the latest first */
    record Result(Instant from, Instant until, List<Firing> firings) {}

    private final SqlClient reading;
    private final long usualLimit;
    private final Map<String, String> own;

    /** As {@link ConsumerSource}. @param reading with a short statement timeout */
    Backtest(SqlClient reading, long usualLimit, Map<String, String> own) {
        this.reading = reading;
        this.usualLimit = usualLimit;
        this.own = Map.copyOf(own);
    }

    Future<Result> of(Spec spec, Instant now) {
        var rule = new AlertRule(0, 0, false, spec, Instant.EPOCH, null, 0);
        var from = now.minus(spec.condition() == Condition.CONSUMER_LAG ? LAGS_BACK : BACK);
        return firings(rule, from, now).map(firings -> {
            var fitting = firings.stream()
                    .filter(firing -> fits(rule, firing) && lasts(spec, firing, now))
                    .sorted(Comparator.comparing(Firing::at).reversed())
                    .toList();
            return new Result(from, now, fitting);
        });
    }

    private Future<List<Firing>> firings(AlertRule rule, Instant from, Instant now) {
        return switch (rule.condition()) {
            case NEW_GROUP -> GroupWatchStore.created(reading, from, now).map(Backtest::moments);
            case REGRESSED -> GroupWatchStore.regressed(reading, from, now).map(Backtest::moments);
            case ESCALATING ->
                GroupWatchStore.escalated(reading, rule.window(), rule.threshold(3), from, now)
                        .map(all -> all.stream()
                                .map(each -> firing(each.group(), each.until().isAfter(now) ? null : each.until()))
                                .toList());
            case TOPIC_ESCALATING ->
                TopicRateBacktestStore.escalated(
                                reading, rule.spec().query(), rule.window(), rule.threshold(3), from, now)
                        .map(Backtest::ofTopics);
            case LETTERS ->
                LetterBacktestStore.many(
                                reading, rule.spec().query(), rule.window(), Math.round(rule.threshold(1)), from, now)
                        .map(Backtest::ofTopics);
            case OLDEST_OPEN ->
                LetterBacktestStore.waited(
                                reading, rule.spec().query(), rule.window(), Math.round(rule.threshold(1)), from, now)
                        .map(Backtest::ofTopics);
            case CONSUMER_LAG -> behind(rule, from, now);
            default ->
                Future.failedFuture(new RefusedException(
                        ProblemCode.CANNOT_BACKTEST,
                        "What happened to " + rule.condition().word()
                                + " is not stored, so it cannot be tried on the past"));
        };
    }

    private Future<List<Firing>> behind(AlertRule rule, Instant from, Instant now) {
        long limit = Math.round(rule.threshold(usualLimit));
        return limit == 0
                ? Future.succeededFuture(List.of())
                : ConsumerFigureStore.behind(reading, from, limit, now)
                        .map(all -> all.stream()
                                .filter(each -> !each.group().equals(own.get(each.cluster())))
                                .map(each -> new Firing(
                                        AlertSubject.consumer(each.cluster(), each.group(), each.topic()),
                                        each.lag(),
                                        each.from(),
                                        each.lasts() ? null : each.until()))
                                .toList());
    }

    private static List<Firing> moments(List<Met> met) {
        return met.stream().map(group -> firing(group, null)).toList();
    }

    private static Firing firing(Met group, @Nullable Instant until) {
        return new Firing(GroupSource.subject(group), group.letters(), group.at(), until);
    }

    private static List<Firing> ofTopics(List<LetterBacktestStore.Fired> fired) {
        return fired.stream()
                .map(each -> new Firing(
                        AlertSubject.topic(each.cluster(), each.topic(), ""), each.letters(), each.at(), each.until()))
                .toList();
    }

    private static boolean fits(AlertRule rule, Firing firing) {
        var query = rule.spec().query();
        var asks = rule.condition().asks();
        return query == null
                || asks == Condition.Asks.LETTERS
                || SubjectFilter.of(query, asks.fields())
                        .fits(firing.subject(), firing.subject().name(), null, null);
    }

    private static boolean lasts(Spec spec, Firing firing, Instant now) {
        var until = firing.until();
        var end = until == null ? now : until;
        return spec.condition().isMoment() || !firing.at().plus(spec.holds()).isAfter(end);
    }
}
