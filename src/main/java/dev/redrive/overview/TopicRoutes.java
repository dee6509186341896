package dev.redrive.overview;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import dev.redrive.overview.Lags.PartitionLag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;

/** The dead-letter topics as they were read, and what could not be read. */
public final class TopicRoutes implements Routes {

    private final TopicStore store;
    private final Lags lags;

    /** @param reading a pool with a short statement timeout */
    public TopicRoutes(Pool reading, Lags lags) {
        this.store = new TopicStore(reading);
        this.lags = lags;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listTopics").addHandler(Call.answering(this::topics));
        routes.getRoute("listGaps").addHandler(Call.answering(this::gaps));
    }

    private Future<Reply> topics(Call call) {
        var topics = store.topics();
        var positions = store.positions();
        return Future.all(topics, positions)
                .map(both -> Reply.ok(new JsonObject().put("items", items(topics.result(), positions.result()))));
    }

    /** Only the youngest topic of a name exists, so only that has a lag. */
    private JsonArray items(List<Row> topics, List<Row> positions) {
        var byTopic = positions.stream().collect(groupingBy(row -> row.getInteger("topic_ref")));
        var measured = lags.partitions().stream().collect(groupingBy(lag -> List.of(lag.cluster(), lag.topic())));
        var items = new JsonArray();
        for (var row : topics) {
            var lag = measured.remove(List.of(row.getString("kafka_id"), row.getString("name")));
            var rows = byTopic.getOrDefault(row.getInteger("id"), List.of());
            items.add(topic(row, rows, lag == null ? List.of() : lag));
        }
        return items;
    }

    private Future<Reply> gaps(Call call) {
        var topic = call.query("topic");
        var keyset = Keyset.of(call, "gaps " + List.of(topic == null ? "" : topic));
        return store.gaps(topic, keyset.beforeId(), keyset.fetch())
                .map(rows -> Reply.ok(keyset.page(rows, row -> row.getLong("id"), TopicRoutes::gap)));
    }

    private static JsonObject topic(Row row, List<Row> positions, List<PartitionLag> measured) {
        var lags = measured.stream().collect(toMap(PartitionLag::partition, PartitionLag::records));
        var partitions = new JsonArray();
        positions.forEach(position -> partitions.add(partition(position, lags)));
        return new JsonObject()
                .put("name", row.getString("name"))
                .put("cluster", row.getString("cluster"))
                .put("topicId", row.getUUID("topic_id").toString())
                .put("origin", row.getString("origin_topic"))
                .put("letters", total(row.getLong("letters")))
                .put("open", total(row.getLong("open")))
                .put("lastLetterAt", Times.rfc3339(row.getOffsetDateTime("last_letter_at")))
                .put("firstSeenAt", Times.rfc3339(row.getOffsetDateTime("first_seen_at")))
                .put("lag", lags.isEmpty() ? null : sum(lags))
                .put("partitions", partitions)
                .put("gaps", row.getLong("gaps"));
    }

    private static JsonObject total(long counted) {
        return new JsonObject()
                .put("value", Math.min(counted, TopicStore.MOST_COUNTED))
                .put("relation", counted > TopicStore.MOST_COUNTED ? "gte" : "eq");
    }

    private static long sum(Map<Integer, Long> lags) {
        return lags.values().stream().mapToLong(Long::longValue).sum();
    }

    private static JsonObject partition(Row row, Map<Integer, Long> lags) {
        return new JsonObject()
                .put("partition", row.getInteger("kafka_partition"))
                .put("nextOffset", Long.toString(row.getLong("next_offset")))
                .put("lag", lags.get(row.getInteger("kafka_partition")))
                .put("updatedAt", Times.rfc3339(row.getOffsetDateTime("updated_at")));
    }

    private static JsonObject gap(Row row) {
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
