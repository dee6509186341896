package dev.redrive.overview;

import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.List;

/** The dead-letter topics as they were read, and what could not be read. */
public final class TopicRoutes implements Routes {

    private final TopicStore store;

    /** @param reading a pool with a short statement timeout */
    public TopicRoutes(Pool reading) {
        this.store = new TopicStore(reading);
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listTopics").addHandler(Call.answering(this::topics));
        routes.getRoute("listGaps").addHandler(Call.answering(this::gaps));
    }

    private Future<Reply> topics(Call call) {
        var topics = store.topics();
        var positions = store.positions();
        return Future.all(topics, positions).map(both -> {
            var partitions = new HashMap<Integer, JsonArray>();
            for (var row : positions.result()) {
                partitions
                        .computeIfAbsent(row.getInteger("topic_ref"), ref -> new JsonArray())
                        .add(partition(row));
            }
            var items = new JsonArray();
            for (var row : topics.result()) {
                items.add(topic(row, partitions.getOrDefault(row.getInteger("id"), new JsonArray())));
            }
            return Reply.ok(new JsonObject().put("items", items));
        });
    }

    private Future<Reply> gaps(Call call) {
        var topic = call.query("topic");
        var keyset = Keyset.of(call, "gaps " + List.of(topic == null ? "" : topic));
        return store.gaps(topic, keyset.beforeId(), keyset.fetch())
                .map(rows -> Reply.ok(keyset.page(rows, row -> row.getLong("id"), TopicRoutes::gap)));
    }

    private static JsonObject topic(Row row, JsonArray partitions) {
        return new JsonObject()
                .put("name", row.getString("name"))
                .put("cluster", row.getString("cluster"))
                .put("topicId", row.getUUID("topic_id").toString())
                .put("origin", row.getString("origin_topic"))
                .put("letters", total(row.getLong("letters")))
                .put("open", total(row.getLong("open")))
                .put("lastLetterAt", Times.rfc3339(row.getOffsetDateTime("last_letter_at")))
                .put("firstSeenAt", Times.rfc3339(row.getOffsetDateTime("first_seen_at")))
                .putNull("lag")
                .put("partitions", partitions)
                .put("gaps", row.getLong("gaps"));
    }

    private static JsonObject total(long counted) {
        return new JsonObject()
                .put("value", Math.min(counted, TopicStore.MOST_COUNTED))
                .put("relation", counted > TopicStore.MOST_COUNTED ? "gte" : "eq");
    }

    private static JsonObject partition(Row row) {
        return new JsonObject()
                .put("partition", row.getInteger("kafka_partition"))
                .put("nextOffset", Long.toString(row.getLong("next_offset")))
                .putNull("lag")
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
