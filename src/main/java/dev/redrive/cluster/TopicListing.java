package dev.redrive.cluster;

import static java.util.stream.Collectors.groupingBy;

import dev.redrive.cluster.Lags.PartitionLag;
import dev.redrive.cluster.TopicJson.Around;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together what is told of dead-letter topics: what is stored, and what this process measured. */
final class TopicListing {

    private final TopicStore store;
    private final ConsumerGroupStore groups;
    private final Lags lags;
    private final ReadinessLookup readiness;

    /** @param reading has a short statement timeout */
    TopicListing(Pool reading, Lags lags, ReadinessLookup readiness) {
        this.store = new TopicStore(reading);
        this.groups = new ConsumerGroupStore(reading);
        this.lags = lags;
        this.readiness = readiness;
    }

    private record Key(String cluster, String topic) {
        static Key of(Row row, String topic) {
            return new Key(row.getString("kafka_id"), row.getString(topic));
        }
    }

    /** @param topics of {@link TopicStore#topics}, the youngest of a name first; @param name null where they are all */
    Future<List<JsonObject>> of(List<Row> topics, @Nullable String name) {
        var positions = store.positions();
        var hours = store.lastDay();
        var readers = groups.readers(name);
        return Future.all(positions, hours, readers)
                .map(all -> items(topics, positions.result(), hours.result(), readers.result()));
    }

    private List<JsonObject> items(List<Row> topics, List<Row> positions, List<Row> hours, List<Row> readers) {
        var byTopic = positions.stream().collect(groupingBy(row -> row.getInteger("topic_ref")));
        var byHour = hours.stream().collect(groupingBy(row -> row.getInteger("topic_ref")));
        var byReader = readers.stream().collect(groupingBy(row -> Key.of(row, "topic")));
        Map<Key, List<PartitionLag>> measured =
                lags.partitions().stream().collect(groupingBy(lag -> new Key(lag.cluster(), lag.topic())));
        var items = new ArrayList<JsonObject>();
        var seen = new HashSet<Key>();
        for (var row : topics) {
            // Only the youngest topic of a name exists, so only that has a lag and readers.
            var key = Key.of(row, "name");
            boolean madeAgain = !seen.add(key);
            var lag = measured.remove(key);
            var groups = byReader.remove(key);
            int id = row.getInteger("id");
            items.add(TopicJson.topic(
                    row,
                    new Around(
                            madeAgain,
                            byTopic.getOrDefault(id, List.of()),
                            lag == null ? List.of() : lag,
                            byHour.getOrDefault(id, List.of()),
                            groups == null ? List.of() : groups,
                            readiness.find(row.getString("cluster"), row.getString("name"), row.getUUID("topic_id")))));
        }
        return items;
    }
}
