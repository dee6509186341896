package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Where to look for which condition. Those that are missing here are told by whoever meets them. */
final class Sources {

    private static final Duration LOOKED_BACK = Duration.ofHours(24);

    /** As {@link AlertSource}, for what depends on the rule. */
    @FunctionalInterface
    private interface Look {
        Future<Looked> look(SqlConnection connection, AlertRule rule, Instant now);
    }

    private final Map<Condition, Look> looks = new EnumMap<>(Condition.class);

    Sources(Links links, ConsumerSource consumers, Map<Condition, AlertSource> others) {
        var groups = new GroupSource(links);
        var letters = new LetterSource(links);
        looks.put(Condition.REGRESSED, groups::regressed);
        looks.put(Condition.ESCALATING, groups::escalating);
        looks.put(Condition.TOPIC_ESCALATING, letters::escalating);
        looks.put(Condition.LETTERS, letters::many);
        looks.put(Condition.OLDEST_OPEN, letters::waiting);
        looks.put(Condition.CONSUMER_LAG, consumers::behind);
        looks.put(Condition.STUCK_CONSUMER, consumers::stuck);
        looks.put(Condition.INGEST_LAG, consumers::ownLag);
        looks.put(Condition.CLUSTER_UNREACHABLE, (connection, rule, now) -> consumers.unreachable(connection, now));
        looks.put(Condition.DELIVERY_DEAD, DeadSource::look);
        others.forEach((condition, source) -> looks.put(
                condition,
                (connection, rule, now) ->
                        source.look(connection, since(rule, now), now).map(Looked::all)));
    }

    /** What happened before a rule was there is none of its, and what is a day old is no news. */
    static Instant since(AlertRule rule, Instant now) {
        var day = now.minus(LOOKED_BACK);
        return rule.effectiveAt().isAfter(day) ? rule.effectiveAt() : day;
    }

    /** @return empty for a condition that is told and not looked for */
    Optional<Future<Looked>> look(SqlConnection connection, AlertRule rule, Instant now) {
        return Optional.ofNullable(looks.get(rule.condition())).map(look -> look.look(connection, rule, now));
    }
}
