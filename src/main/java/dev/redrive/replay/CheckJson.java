package dev.redrive.replay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Parts of the contract's Check. */
final class CheckJson {

    private CheckJson() {}

    static JsonObject target(ReplayPlan plan, @Nullable Outgoing outgoing) {
        var topic = plan.found();
        boolean byKey = plan.target().partitioning() == Partitioning.KEY;
        var content = plan.content();
        boolean known = outgoing != null && !(byKey && content != null && content.key() == null);
        return new JsonObject()
                .put("cluster", plan.letter().cluster())
                .put("topic", plan.topic())
                .put("partition", known && outgoing != null ? outgoing.place().partition() : null)
                .put("maxMessageBytes", topic == null ? null : topic.maxMessageBytes());
    }

    static JsonObject headers(ReplayPlan plan) {
        var content = plan.content();
        var dropped = new JsonArray();
        var drops = RetryTopics.drops(plan.topic(), plan.letter().drops());
        if (content != null) {
            content.headers().stream()
                    .map(header -> header.name())
                    .filter(name -> ProvenanceHeaders.isDropped(name, drops))
                    .distinct()
                    .forEach(dropped::add);
        }
        return new JsonObject().put("dropped", dropped).put("added", new JsonArray(ProvenanceHeaders.NAMES));
    }

    static JsonObject blastRadius(ReplayPlan plan, Checks.Surroundings around) {
        var topic = plan.found();
        return new JsonObject()
                .put("groups", around.groups() == null ? null : new JsonArray(around.groups()))
                .put("compacted", topic == null ? null : topic.compacted())
                .put("newerSameKey", around.newerSameKey());
    }
}
