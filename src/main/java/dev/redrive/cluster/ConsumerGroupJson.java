package dev.redrive.cluster;

import static java.util.stream.Collectors.groupingBy;

import dev.redrive.cluster.ConsumerGroupStore.Id;
import dev.redrive.http.Times;
import dev.redrive.letter.BytesJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Consumer groups as the contract has them. */
final class ConsumerGroupJson {

    /** Of a key or a value, in bytes: enough to recognise a record by. */
    private static final int PREVIEW = 1024;

    private ConsumerGroupJson() {}

    /** A consumer group, one topic of it, and where. @param type null where it is not known, as the two below */
    record Reader(
            String cluster,
            GroupLag lag,
            @Nullable String type,
            @Nullable Integer members,
            @Nullable Integer uncommitted) {

        Id id() {
            return new Id(cluster, lag.key().group(), lag.key().topic());
        }
    }

    /** @param rows of {@link ConsumerGroupStore#lags}; @return the worst first */
    static List<Reader> readers(List<Row> rows) {
        var readers = new ArrayList<Reader>();
        var facts = new HashMap<Id, Row>();
        rows.forEach(row -> facts.put(
                new Id(row.getString("cluster"), row.getString("consumer_group"), row.getString("topic")), row));
        rows.stream()
                .collect(groupingBy(row -> row.getString("cluster")))
                .forEach((cluster, lags) -> GroupLag.of(
                                lags.stream().map(ConsumerLagStore::lag).toList())
                        .forEach(lag -> {
                            var id =
                                    new Id(cluster, lag.key().group(), lag.key().topic());
                            var row = Objects.requireNonNull(facts.get(id), "a row of its own");
                            readers.add(new Reader(
                                    cluster,
                                    lag,
                                    row.getString("type"),
                                    row.getInteger("members"),
                                    row.getInteger("uncommitted")));
                        }));
        readers.sort(Comparator.comparing((Reader reader) -> reader.lag().state())
                .thenComparingLong(reader -> reader.lag().lag())
                .reversed()
                .thenComparing(Reader::cluster)
                .thenComparing(reader -> reader.lag().key().group())
                .thenComparing(reader -> reader.lag().key().topic()));
        return readers;
    }

    static JsonObject item(Reader reader, Map<Id, @Nullable Long[]> histories) {
        var lag = reader.lag();
        var history = histories.getOrDefault(reader.id(), new @Nullable Long[ConsumerGroupStore.MINUTES]);
        var minutes = new ArrayList<@Nullable Long>();
        Collections.addAll(minutes, history);
        return new JsonObject()
                .put("group", lag.key().group())
                .put("cluster", reader.cluster())
                .put("topic", lag.key().topic())
                .put("type", reader.type())
                .put("lag", lag.lag())
                .put("state", lag.state().word())
                .put("since", Times.rfc3339(lag.since()))
                .put("members", reader.members())
                .put("partitions", lag.partitions().size())
                .put("uncommittedPartitions", reader.uncommitted())
                .put(
                        "stuckPartitions",
                        lag.partitions().stream()
                                .filter(partition -> partition.state().isStuck())
                                .count())
                .put("history", new JsonArray(minutes));
    }

    /** @param row of {@link ConsumerGroupStore#shares} */
    static JsonObject share(Row row) {
        return new JsonObject()
                .put("group", row.getString("share_group"))
                .put("cluster", row.getString("cluster"))
                .put("topic", row.getString("topic"))
                .put("state", row.getString("state"))
                .put("members", row.getInteger("members"))
                .put("partitions", row.getInteger("partitions"))
                .put("lag", row.getLong("lag"))
                .put("measuredAt", Times.rfc3339(row.getOffsetDateTime("measured_at")));
    }

    /** @param blocking what the group would read next; null where that is not known or not asked */
    static JsonObject partition(ConsumerLag lag, @Nullable ConsumerRecord<byte[], byte[]> blocking, boolean payload) {
        var place = lag.place();
        return new JsonObject()
                .put("topic", place.topic())
                .put("partition", place.partition())
                .put("committed", Long.toString(lag.committed()))
                .put("logEnd", Long.toString(lag.logEnd()))
                .put("lag", lag.lag())
                .put("state", lag.state().word())
                .put("since", Times.rfc3339(lag.since()))
                .put("movedAt", Times.rfc3339(lag.movedAt()))
                .put("blockingRecord", blocking == null ? null : blocking(blocking, payload));
    }

    static JsonObject blocking(ConsumerRecord<byte[], byte[]> record, boolean payload) {
        int headers = 0;
        for (var header : record.headers()) {
            headers++;
        }
        return new JsonObject()
                .put("offset", Long.toString(record.offset()))
                .put("timestamp", Times.rfc3339((Long) record.timestamp()))
                .put("key", payload ? preview(record.key()) : null)
                .put("value", payload ? preview(record.value()) : null)
                .put("headers", headers)
                .put("hidden", !payload);
    }

    private static @Nullable JsonObject preview(byte @Nullable [] bytes) {
        return bytes == null ? null : BytesJson.start(Buffer.buffer(bytes), PREVIEW);
    }

    /** Puts {@code asOf} and {@code partial}: what the figures do not tell, in sentences. */
    static JsonObject dated(JsonObject answer, List<Row> watches, List<String> more) {
        var partial = new JsonArray();
        String asOf = null;
        for (var watch : watches) {
            var measured = Times.rfc3339(watch.getOffsetDateTime("measured_at"));
            if (measured != null && (asOf == null || measured.compareTo(asOf) < 0)) {
                asOf = measured;
            }
            var sentence = sentence(watch, measured);
            if (sentence != null) {
                partial.add(sentence);
            }
            int leftOut = watch.getInteger("left_out");
            if (leftOut > 0) {
                partial.add(leftOut + " consumer groups of cluster " + watch.getString("cluster")
                        + " are not watched: it has more than can be");
            }
        }
        more.forEach(partial::add);
        return answer.put("asOf", asOf).put("partial", partial);
    }

    private static @Nullable String sentence(Row watch, @Nullable String measured) {
        var cluster = watch.getString("cluster");
        var failing = Times.rfc3339(watch.getOffsetDateTime("failing_since"));
        if (failing != null) {
            return "Cluster " + cluster + " has not answered since " + failing + ": lags are older than that";
        }
        if (measured == null) {
            return "The consumer groups of cluster " + cluster + " have not been measured yet";
        }
        return watch.getBoolean("fresh")
                ? null
                : "The consumer groups of cluster " + cluster + " were last measured at " + measured;
    }
}
