package dev.redrive.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * What is read again of a dead-letter topic. Letters that are stored stay as they are, purged ones too: identity is topic
 * incarnation, partition, offset and leader epoch.
 *
 * @param topicRef row of the incarnation
 */
record Rewind(String topic, String cluster, int topicRef, List<Step> steps) {

    /** Letters of one partition are counted up to so many. */
    static final int MOST_KNOWN = 100_000;

    /**
     * @param from first offset that is read again; {@code to} where ingest stood
     * @param epoch leader epoch there, -1 unknown
     */
    record Step(int partition, long from, long to, int epoch) {

        long records() {
            return to - from;
        }
    }

    Rewind {
        steps = List.copyOf(steps);
    }

    long records() {
        return steps.stream().mapToLong(Step::records).sum();
    }

    /**
     * The contract's Rewind.
     *
     * @param known letters that are stored of these offsets, by partition; {@link #MOST_KNOWN} and one more where there
     *     may be still more
     */
    JsonObject toJson(Map<Integer, Long> known) {
        var partitions = new JsonArray();
        steps.forEach(step -> partitions.add(json(step)
                .put("records", step.records())
                .put("known", count(known.getOrDefault(step.partition(), 0L)))));
        boolean all = known.values().stream().allMatch(letters -> letters <= MOST_KNOWN);
        long sum = known.values().stream()
                .mapToLong(letters -> Math.min(MOST_KNOWN, letters))
                .sum();
        return new JsonObject()
                .put("topic", topic)
                .put("cluster", cluster)
                .put("records", records())
                .put("known", count(sum, all))
                .put("partitions", partitions);
    }

    /** For the audit. */
    JsonObject facts() {
        var partitions = new JsonArray();
        steps.forEach(step -> partitions.add(json(step)));
        return new JsonObject()
                .put("topic", topic)
                .put("cluster", cluster)
                .put("records", records())
                .put("partitions", partitions);
    }

    private static JsonObject json(Step step) {
        return new JsonObject()
                .put("partition", step.partition())
                .put("fromOffset", Long.toString(step.from()))
                .put("toOffset", Long.toString(step.to()));
    }

    private static JsonObject count(long letters) {
        return count(Math.min(MOST_KNOWN, letters), letters <= MOST_KNOWN);
    }

    private static JsonObject count(long letters, boolean exact) {
        return new JsonObject().put("value", letters).put("relation", exact ? "eq" : "gte");
    }
}
