package dev.redrive.retention;

import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;

/** How many letters each rule would purge now: counted for two seconds, and then at least so many. */
final class RetentionPreview {

    private static final int PAGE = 20_000;
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final Pool reading;
    private final List<RetentionRule> rules;
    private final long[] letters;
    private final Deque<Status> statuses = new ArrayDeque<>();
    private final long deadline = System.nanoTime() + PATIENCE_NANOS;
    private final Promise<JsonArray> counted = Promise.promise();
    private long after;

    private RetentionPreview(Pool reading, List<RetentionRule> rules) {
        this.reading = reading;
        this.rules = rules;
        this.letters = new long[rules.size()];
        var named = EnumSet.noneOf(Status.class);
        rules.forEach(rule -> named.addAll(rule.statuses()));
        statuses.addAll(named);
    }

    /** @param reading with a short statement timeout. @return in the order of the rules */
    static Future<JsonArray> of(Pool reading, List<RetentionRule> rules) {
        var preview = new RetentionPreview(reading, rules);
        preview.count();
        return preview.counted.future();
    }

    private void count() {
        if (statuses.isEmpty() || System.nanoTime() > deadline) {
            counted.complete(toJson());
            return;
        }
        DueStore.count(reading, rules, statuses.element(), after, PAGE)
                .onFailure(counted::fail)
                .onSuccess(page -> {
                    page.due().forEach((rule, more) -> letters[rule - 1] += more);
                    after = page.last();
                    if (page.end()) {
                        statuses.remove();
                        after = 0;
                    }
                    count();
                });
    }

    /** A rule is counted to its end when all of its statuses are. */
    private JsonArray toJson() {
        var items = new JsonArray();
        for (int i = 0; i < rules.size(); i++) {
            boolean exact = rules.get(i).statuses().stream().noneMatch(statuses::contains);
            items.add(new JsonObject().put("value", letters[i]).put("relation", exact ? "eq" : "gte"));
        }
        return items;
    }
}
