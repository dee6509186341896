package dev.redrive.alert;

import dev.redrive.cluster.Told;
import dev.redrive.filter.FilterException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody hears of the letters of a topic where a rule tells of each of them, the first or those that wait, and of all. */
record Hearing(Pool pool) implements Told {

    private static final List<Condition> OF_LETTERS =
            List.of(Condition.NEW_GROUP, Condition.LETTERS, Condition.OLDEST_OPEN);

    @Override
    public Future<Answer> of(String deadLetterTopic, @Nullable String origin) {
        return isAnybodyThere()
                .compose(there -> there
                        ? AlertRuleStore.reaching(pool, OF_LETTERS)
                                .map(rules -> rules.stream().anyMatch(rule -> covers(rule, deadLetterTopic, origin))
                                        ? Answer.YES
                                        : Answer.NO_RULE)
                        : Future.succeededFuture(Answer.NO_ENDPOINT));
    }

    @Override
    public Future<Boolean> isAnybodyThere() {
        return new EndpointStore(pool).isAnyActive();
    }

    private static boolean covers(AlertRule rule, String topic, @Nullable String origin) {
        var query = rule.spec().query();
        if (query == null) {
            return true;
        }
        try {
            return SubjectFilter.of(query, Condition.NEW_GROUP.asks().fields())
                    .fits(AlertSubject.letters(topic, origin), topic, null, null);
        } catch (FilterException ofLetters) {
            // It asks what letters of one topic differ in, and so tells of some of them alone.
            return false;
        }
    }
}
