package dev.redrive.cluster;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Finds out what can be read again: nothing that Kafka has not, and nothing that ingest has not read yet. */
final class RewindPlanner {

    private final RewindStore store;

    RewindPlanner(RewindStore store) {
        this.store = store;
    }

    /**
     * @param partition empty for all
     * @param offset the first to read; empty where {@code millis} says when it was written
     */
    record From(OptionalLong partition, OptionalLong offset, OptionalLong millis) {}

    /** Fails with a problem where the topic was never read, is another one by now, or nothing would be read again. */
    Future<Rewind> plan(TopicCluster cluster, String topic, From from) {
        var name = cluster.settings().name();
        var state = cluster.find(topic);
        var positions = store.positions(name, topic);
        return Future.all(state, positions)
                .compose(both -> {
                    var rows = positions.result();
                    var exists = state.result()
                            .filter(found -> !rows.isEmpty()
                                    && found.id().equals(rows.get(0).getUUID("topic_id")));
                    if (exists.isEmpty()) {
                        throw RefusedException.notFound("Redrive has read no topic " + topic + " that exists now");
                    }
                    var chosen = rows.stream()
                            .filter(row -> from.partition().isEmpty()
                                    || from.partition().getAsLong() == row.getInteger("kafka_partition"))
                            .toList();
                    return steps(cluster, topic, chosen, from)
                            .map(steps -> new Rewind(topic, name, rows.get(0).getInteger("topic_ref"), steps));
                })
                .recover(TopicClusters::orUnavailable)
                .map(RewindPlanner::orRefused);
    }

    private static Future<List<Rewind.Step>> steps(TopicCluster cluster, String topic, List<Row> rows, From from) {
        var partitions = rows.stream()
                .map(row -> new TopicPartition(topic, row.getInteger("kafka_partition")))
                .toList();
        var starts = cluster.offsets(partitions, OffsetSpec.earliest());
        var asked = from.millis().isPresent()
                ? cluster.offsets(
                        partitions, OffsetSpec.forTimestamp(from.millis().getAsLong()))
                : Future.succeededFuture(Map.<TopicPartition, ListOffsetsResultInfo>of());
        return Future.all(starts, asked).map(both -> {
            var steps = new ArrayList<Rewind.Step>();
            for (var row : rows) {
                var partition = new TopicPartition(topic, row.getInteger("kafka_partition"));
                var at = asked.result().get(partition);
                // Where nothing was written since then, there is nothing to read again.
                long wanted = from.offset().orElse(at == null || at.offset() < 0 ? Long.MAX_VALUE : at.offset());
                var start = starts.result().get(partition);
                long first = Math.max(start == null ? 0 : start.offset(), wanted);
                if (first < row.getLong("next_offset")) {
                    steps.add(new Rewind.Step(
                            partition.partition(), first, row.getLong("next_offset"), row.getInteger("leader_epoch")));
                }
            }
            return steps;
        });
    }

    /** Fails with a problem where there is nothing to read again. */
    static Rewind orRefused(Rewind rewind) {
        if (rewind.steps().isEmpty()) {
            throw new RefusedException(
                    ProblemCode.UNPROCESSABLE,
                    "Nothing would be read again: Kafka has no record from there on that ingest has passed");
        }
        return rewind;
    }
}
