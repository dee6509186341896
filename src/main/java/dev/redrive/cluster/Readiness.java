package dev.redrive.cluster;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether a topic and its dead-letter topic are fit for production, as it was measured.
 *
 * @param topicId of the topic that was measured: one that is made again under its name is another one
 * @param cluster its name in the settings
 * @param origin whose dead letters the topic holds; null where it holds none, or that is not known
 * @param deadLetterTopic may be the topic itself; null where there is none
 * @param checks the worst first
 */
record Readiness(
        String topic,
        UUID topicId,
        String cluster,
        @Nullable String origin,
        @Nullable String deadLetterTopic,
        List<ReadinessCheck> checks,
        Instant measuredAt) {

    Readiness {
        checks = List.copyOf(checks);
    }

    boolean isReady() {
        return count(ReadinessLevel.FAIL) == 0;
    }

    private int count(ReadinessLevel level) {
        return (int) checks.stream().filter(check -> check.level() == level).count();
    }

    JsonObject summary() {
        var counts = new JsonObject();
        for (var level : ReadinessLevel.values()) {
            counts.put(level.word(), count(level));
        }
        return counts.put("measuredAt", Times.rfc3339(measuredAt.atOffset(ZoneOffset.UTC)));
    }

    JsonObject toJson() {
        var list = new JsonArray();
        checks.forEach(check -> list.add(new JsonObject()
                .put("id", check.aspect().id())
                .put("level", check.level().word())
                .put("topic", check.topic())
                .put("what", check.aspect().what())
                .put("why", check.aspect().why())
                .put("measured", check.measured())
                .put("fix", check.fix())));
        return new JsonObject()
                .put("topic", topic)
                .put("cluster", cluster)
                .put("origin", origin)
                .put("deadLetterTopic", deadLetterTopic)
                .put("ready", isReady())
                .put("counts", summary())
                .put("checks", list)
                .put("measuredAt", Times.rfc3339(measuredAt.atOffset(ZoneOffset.UTC)));
    }
}
