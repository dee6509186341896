package dev.redrive.cluster;

import static java.util.stream.Collectors.toMap;

import dev.redrive.cluster.Lags.PartitionLag;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics and gaps as the contract has them. */
final class TopicJson {

    private static final int HOURS = 24;
    private static final int MOST_READERS = 20;

    private TopicJson() {}

    /**
     * What is known of a topic besides its row. Lags and readers are those of the topic that exists; of an older one of its
     * name there are none.
     *
     * @param madeAgain whether a younger topic has its name
     * @param positions of {@link TopicStore#positions}
     * @param lags of the process that reads them
     * @param hours of {@link TopicStore#lastDay}
     * @param readers of {@link ConsumerGroupStore#readers}
     */
    record Around(
            boolean madeAgain,
            List<Row> positions,
            List<PartitionLag> lags,
            List<Row> hours,
            List<Row> readers,
            @Nullable JsonObject readiness) {}

    /** @param row of {@link TopicStore#topics} */
    static JsonObject topic(Row row, Around around) {
        var lags = around.lags().stream().collect(toMap(PartitionLag::partition, PartitionLag::records));
        var partitions = new JsonArray();
        around.positions().forEach(position -> partitions.add(partition(position, lags)));
        return new JsonObject()
                .put("name", row.getString("name"))
                .put("cluster", row.getString("cluster"))
                .put("topicId", row.getUUID("topic_id").toString())
                .put("madeAgain", around.madeAgain())
                .put("origin", row.getString("origin_topic"))
                .put("conventions", new JsonArray(Arrays.asList(row.getArrayOfStrings("conventions"))))
                .put("letters", total(row.getLong("letters")))
                .put("open", total(row.getLong("open")))
                .put("lastLetterAt", Times.rfc3339(row.getOffsetDateTime("last_letter_at")))
                .put("firstSeenAt", Times.rfc3339(row.getOffsetDateTime("first_seen_at")))
                .put("lag", lags.isEmpty() ? null : sum(lags))
                .put("partitions", partitions)
                .put("gaps", row.getLong("gaps"))
                .put("version", row.getInteger("version"))
                .put("paused", paused(row))
                .put("reading", reading(row))
                .put("expiry", expiry(row))
                .put("lastDay", lastDay(around.hours()))
                .put("shape", shape(row))
                .put("consumerGroups", readers(around.readers()))
                .put("readiness", around.readiness());
    }

    private static JsonObject lastDay(List<Row> rows) {
        var hours = new long[HOURS];
        rows.forEach(row -> hours[HOURS - 1 - row.getInteger("age")] = row.getLong("letters"));
        return new JsonObject()
                .put("letters", Arrays.stream(hours).sum())
                .put("hours", new JsonArray(Arrays.stream(hours).boxed().toList()));
    }

    /** Null where the topic was not looked at yet, and where it is gone. */
    private static @Nullable JsonObject shape(Row row) {
        return row.getOffsetDateTime("shape_at") == null
                ? null
                : new JsonObject()
                        .put("partitions", row.getInteger("shape_partitions"))
                        .put("originPartitions", row.getInteger("origin_partitions"))
                        .put("replicationFactor", row.getInteger("replication_factor"))
                        .put("retentionMs", row.getLong("retention_ms"))
                        .put("retentionBytes", row.getLong("retention_bytes"))
                        .put("cleanupPolicy", row.getString("cleanup_policy"))
                        .put("measuredAt", Times.rfc3339(row.getOffsetDateTime("shape_at")));
    }

    private static JsonObject readers(List<Row> rows) {
        var first = new JsonArray();
        rows.stream()
                .limit(MOST_READERS)
                .forEach(row -> first.add(new JsonObject()
                        .put("group", row.getString("consumer_group"))
                        .put("type", row.getString("type"))
                        .put("state", row.getString("status"))
                        .put("lag", row.getLong("lag"))));
        return new JsonObject().put("total", rows.size()).put("items", first);
    }

    /** Null where nothing waits to be stored, or it was never measured. */
    private static @Nullable JsonObject expiry(Row row) {
        if (row.getOffsetDateTime("expiry_at") == null) {
            return null;
        }
        var time = row.getDouble("time_headroom");
        var size = row.getDouble("size_headroom");
        var least = time == null ? size : size == null || time < size ? time : size;
        return new JsonObject()
                .put("headroomPercent", percent(least))
                .put("timePercent", percent(time))
                .put("sizePercent", percent(size))
                .put("worstPartition", row.getInteger("worst_partition"))
                .put("lag", row.getLong("unread"))
                .put("oldestAt", Times.rfc3339(row.getOffsetDateTime("oldest_at")))
                .put("measuredAt", Times.rfc3339(row.getOffsetDateTime("expiry_at")));
    }

    private static @Nullable Integer percent(@Nullable Double headroom) {
        return headroom == null ? null : (Integer) (int) Math.floor(headroom);
    }

    private static JsonObject total(long counted) {
        return new JsonObject()
                .put("value", Math.min(counted, TopicStore.MOST_COUNTED))
                .put("relation", counted > TopicStore.MOST_COUNTED ? "gte" : "eq");
    }

    private static long sum(Map<Integer, Long> lags) {
        return lags.values().stream().mapToLong(Long::longValue).sum();
    }

    private static @Nullable JsonObject paused(Row row) {
        var by = row.getString("paused_by");
        return by == null
                ? null
                : new JsonObject()
                        .put("by", by)
                        .put("reason", row.getString("pause_reason"))
                        .put("at", Times.rfc3339(row.getOffsetDateTime("paused_at")));
    }

    /** Null where nobody decided anything. */
    static @Nullable JsonObject reading(Row row) {
        var decision = row.getString("reading");
        return decision == null
                ? null
                : new JsonObject()
                        .put("decision", decision)
                        .put("by", row.getString("reading_by"))
                        .put("reason", row.getString("reading_reason"));
    }

    private static JsonObject partition(Row row, Map<Integer, Long> lags) {
        return new JsonObject()
                .put("partition", row.getInteger("kafka_partition"))
                .put("nextOffset", Long.toString(row.getLong("next_offset")))
                .put("lag", lags.get(row.getInteger("kafka_partition")))
                .put("updatedAt", Times.rfc3339(row.getOffsetDateTime("updated_at")));
    }

    /** @param reading what somebody decided about it */
    static JsonObject notRead(NotRead topic, @Nullable JsonObject reading) {
        return new JsonObject()
                .put("name", topic.topic())
                .put("cluster", topic.cluster())
                .put("why", topic.why())
                .put("reading", reading);
    }

    static JsonObject gap(Row row) {
        return new JsonObject()
                .put("id", Long.toString(row.getLong("id")))
                .put("cluster", row.getString("cluster"))
                .put("topic", row.getString("topic"))
                .put("topicId", row.getUUID("topic_id").toString())
                .put("partition", row.getInteger("kafka_partition"))
                .put("fromOffset", Long.toString(row.getLong("from_offset")))
                .put("toOffset", Long.toString(row.getLong("to_offset")))
                .put("cause", row.getString("cause"))
                .put("noticedAt", Times.rfc3339(row.getOffsetDateTime("noticed_at")));
    }
}
