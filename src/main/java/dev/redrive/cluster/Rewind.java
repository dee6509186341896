package dev.redrive.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What is read again of a dead-letter topic. Letters that are stored stay as they are, purged ones too: identity is topic
 * incarnation, partition, offset and leader epoch.
 *
 * @param topicRef row of the incarnation
 */
record Rewind(String topic, String cluster, int topicRef, List<Step> steps) {

    /** @param from first offset that is read again; {@code to} where ingest stood */
    record Step(int partition, long from, long to) {}

    Rewind {
        steps = List.copyOf(steps);
    }

    long records() {
        return steps.stream().mapToLong(step -> step.to() - step.from()).sum();
    }

    JsonObject toJson() {
        var partitions = new JsonArray();
        steps.forEach(step -> partitions.add(new JsonObject()
                .put("partition", step.partition())
                .put("fromOffset", Long.toString(step.from()))
                .put("toOffset", Long.toString(step.to()))));
        return new JsonObject()
                .put("topic", topic)
                .put("cluster", cluster)
                .put("records", records())
                .put("partitions", partitions);
    }
}
