package dev.redrive.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What happens, or would happen, when a record is taken out of the way of a consumer group.
 *
 * @param topicId of the incarnation that the record lies in
 * @param record null where it could not be read
 * @param target null where there is no topic to copy to
 * @param committed the offset that the group reads next; empty where it has none
 * @param obstacles what speaks against it; empty where it can be done
 */
record Quarantine(
        Ask ask,
        String cluster,
        UUID topicId,
        @Nullable ConsumerRecord<byte[], byte[]> record,
        @Nullable Target target,
        int members,
        OptionalLong committed,
        List<Obstacle> obstacles) {

    static final String GROUP_IS_RUNNING = "group-is-running";

    /** @param cluster null while there is one */
    record Ask(String group, @Nullable String cluster, String topic, int partition, long offset, String reason) {

        static Ask from(String group, JsonObject body) {
            return new Ask(
                    group,
                    body.getString("cluster"),
                    body.getString("topic"),
                    body.getInteger("partition"),
                    Long.parseLong(body.getString("offset")),
                    body.getString("reason"));
        }

        TopicPartition place() {
            return new TopicPartition(topic, partition);
        }
    }

    /** @param end the offset that the next record gets there */
    record Target(String topic, int partition, long end) {}

    /** @param code a stable word; {@code detail} a sentence with what to do */
    record Obstacle(String code, String detail) {
        JsonObject toJson() {
            return new JsonObject().put("code", code).put("detail", detail);
        }
    }

    Quarantine {
        obstacles = List.copyOf(obstacles);
    }

    boolean isPast() {
        return committed.isPresent() && committed.getAsLong() > ask.offset();
    }

    /**
     * @param stored null before it was asked for
     * @param payload whether the caller may see keys and values
     */
    JsonObject toJson(QuarantineStore.@Nullable Stored stored, boolean payload) {
        var found = record;
        var to = stored == null ? target : new Target(stored.topic(), stored.partition(), 0);
        Long copy = stored == null ? null : stored.copy();
        return new JsonObject()
                .put("id", stored == null ? null : stored.id().toString())
                .put("state", state(stored))
                .put("group", ask.group())
                .put("cluster", cluster)
                .put("topic", ask.topic())
                .put("partition", ask.partition())
                .put("offset", Long.toString(ask.offset()))
                .put("members", members)
                .put("committed", committed.isEmpty() ? null : Long.toString(committed.getAsLong()))
                .put("movesTo", Long.toString(ask.offset() + 1))
                .put("deadLetterTopic", to == null ? null : to.topic())
                .put("deadLetterPartition", to == null ? null : to.partition())
                .put("deadLetterOffset", copy == null ? null : Long.toString(copy))
                .put("headers", found == null ? new JsonArray() : headers(found))
                .put("record", found == null ? null : ConsumerGroupJson.blocking(found, payload))
                .put(
                        "obstacles",
                        new JsonArray(obstacles.stream().map(Obstacle::toJson).toList()));
    }

    private String state(QuarantineStore.@Nullable Stored stored) {
        if (stored == null) {
            return obstacles.isEmpty() ? "possible" : "obstructed";
        }
        return stored.moved() ? "done" : stored.copy() == null ? "asked" : "copied";
    }

    /** The id is made when it is asked for. */
    private JsonArray headers(ConsumerRecord<byte[], byte[]> found) {
        var headers = new JsonArray();
        for (Header header : QuarantineHeaders.added(new UUID(0, 0), ask, found)) {
            if (!header.key().equals(QuarantineHeaders.ID)) {
                headers.add(new JsonObject()
                        .put("name", header.key())
                        .put("value", new String(header.value(), StandardCharsets.UTF_8)));
            }
        }
        return headers;
    }
}
