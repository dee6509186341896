package dev.redrive.job;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The newest letters of a scope, looked at more closely than all of them can be: where they would go, and a few to show.
 *
 * @param targets most letters first
 */
record Sight(List<Target> targets) {

    static final int MOST_LETTERS = 10_000;
    static final int SAMPLE = 5;

    /** Letters of one origin. @param topic null where they do not say */
    record Target(String cluster, @Nullable String topic, long letters, List<Long> newest) {

        static Target from(Row row) {
            return new Target(
                    row.getString("cluster"),
                    row.getString("topic"),
                    row.getLong("letters"),
                    List.of(row.getArrayOfLongs("newest")));
        }
    }

    private Stream<Long> sample() {
        return targets.stream()
                .flatMap(target -> target.newest().stream())
                .sorted(Comparator.reverseOrder())
                .limit(SAMPLE);
    }

    /** Parts of the contract's Selection. */
    JsonObject toJson() {
        var json = new JsonArray();
        targets.forEach(target -> json.add(new JsonObject()
                .put("cluster", target.cluster())
                .put("topic", target.topic())
                .put("letters", target.letters())));
        return new JsonObject()
                .put("targets", json)
                .put("sample", new JsonArray(sample().map(String::valueOf).toList()));
    }
}
