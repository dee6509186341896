package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The SQL of a re-read that is ordered: what there is to read again, and the positions that go back. */
final class RewindStore {

    /** Of the youngest incarnation of the name, which is the one that exists. */
    private static final String POSITIONS = """
            SELECT t.id AS topic_ref, t.topic_id, p.kafka_partition, p.next_offset, p.leader_epoch
            FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id JOIN ingest_position p ON p.topic_ref = t.id
            WHERE c.name = $1 AND t.name = $2
              AND t.id = (SELECT max(o.id) FROM dead_letter_topic o WHERE o.cluster_id = c.id AND o.name = $2)
            ORDER BY p.kafka_partition""";

    private static final String KNOWN = """
            SELECT kafka_partition, (
              SELECT count(*) FROM (
                SELECT FROM dead_letter d
                WHERE d.topic_ref = $1 AND d.kafka_partition = s.kafka_partition
                  AND d.kafka_offset >= s.from_offset AND d.kafka_offset < s.to_offset LIMIT $5) AS letters) AS known
            FROM unnest($2::integer[], $3::bigint[], $4::bigint[]) AS s (kafka_partition, from_offset, to_offset)""";

    /** An older incarnation that is still to be given up counts for none: there is nothing to read of it. */
    private static final String OPEN = """
            SELECT j.job_id FROM rewind_job j JOIN dead_letter_topic t ON t.id = j.topic_ref
              JOIN cluster c ON c.id = t.cluster_id
            WHERE c.name = $1 AND t.name = $2 AND j.ended_at IS NULL
              AND t.id = (SELECT max(o.id) FROM dead_letter_topic o WHERE o.cluster_id = c.id AND o.name = $2)""";

    /** Never forward: that would skip letters. Where ingest stands is known for certain only while it waits for us. */
    private static final String GO_BACK = """
            WITH held AS (
              SELECT p.kafka_partition, w.from_offset, p.next_offset, p.leader_epoch
              FROM ingest_position p JOIN unnest($2::integer[], $3::bigint[]) AS w (kafka_partition, from_offset)
                ON w.kafka_partition = p.kafka_partition
              WHERE p.topic_ref = $1 AND p.next_offset > w.from_offset
              ORDER BY p.kafka_partition FOR UPDATE OF p),
            back AS (
              UPDATE ingest_position p SET next_offset = h.from_offset, leader_epoch = -1, updated_at = now()
              FROM held h WHERE p.topic_ref = $1 AND p.kafka_partition = h.kafka_partition)
            SELECT kafka_partition, from_offset, next_offset, leader_epoch FROM held ORDER BY kafka_partition""";

    private static final String BEGIN = """
            INSERT INTO rewind_job (job_id, topic_ref) VALUES ($1, $2)
            ON CONFLICT (topic_ref) WHERE ended_at IS NULL DO NOTHING""";

    private static final String REMEMBER = """
            INSERT INTO rewound_partition (job_id, topic_ref, kafka_partition, from_offset, to_offset, reached, stood_at, stood_epoch)
            SELECT $1, $2, kafka_partition, from_offset, to_offset, from_offset, to_offset, epoch
            FROM unnest($3::integer[], $4::bigint[], $5::bigint[], $6::integer[])
              AS s (kafka_partition, from_offset, to_offset, epoch)""";

    private final Pool pool;

    RewindStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** @return where ingest stands, by partition; empty where the topic was never read */
    Future<List<Row>> positions(String cluster, String topic) {
        return pool.preparedQuery(POSITIONS)
                .execute(Tuple.of(cluster, topic))
                .map(rows -> rows.stream().toList());
    }

    /** @return letters that are stored of what would be read again, by partition; bounded, see {@link Rewind#toJson} */
    Future<Map<Integer, Long>> known(Rewind plan) {
        var steps = plan.steps();
        return pool.preparedQuery(KNOWN)
                .execute(Tuple.of(plan.topicRef())
                        .addArrayOfInteger(column(steps, Rewind.Step::partition).toArray(Integer[]::new))
                        .addArrayOfLong(column(steps, Rewind.Step::from).toArray(Long[]::new))
                        .addArrayOfLong(column(steps, Rewind.Step::to).toArray(Long[]::new))
                        .addInteger(Rewind.MOST_KNOWN + 1))
                .map(rows -> {
                    var known = new HashMap<Integer, Long>();
                    rows.forEach(row -> known.put(row.getInteger("kafka_partition"), row.getLong("known")));
                    return known;
                });
    }

    /** @return the job that reads the topic again by now */
    Future<Optional<UUID>> open(SqlClient client, String cluster, String topic) {
        return client.preparedQuery(OPEN)
                .execute(Tuple.of(cluster, topic))
                .map(rows -> rows.stream().findFirst().map(row -> row.getUUID("job_id")));
    }

    /**
     * In the transaction of the connection, which holds the positions from here on.
     *
     * @return with where ingest really stood, which may be further than when it was planned; without partitions where it
     *     stood no further than where it is to go
     */
    Future<Rewind> goBack(SqlConnection connection, Rewind plan) {
        return connection
                .preparedQuery(GO_BACK)
                .execute(Tuple.of(plan.topicRef())
                        .addArrayOfInteger(
                                column(plan.steps(), Rewind.Step::partition).toArray(Integer[]::new))
                        .addArrayOfLong(column(plan.steps(), Rewind.Step::from).toArray(Long[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> new Rewind.Step(
                                row.getInteger("kafka_partition"),
                                row.getLong("from_offset"),
                                row.getLong("next_offset"),
                                row.getInteger("leader_epoch")))
                        .toList())
                .map(steps -> new Rewind(plan.topic(), plan.cluster(), plan.topicRef(), steps));
    }

    /**
     * In the transaction in which the positions went back.
     *
     * @return false where another job reads the topic again; then nothing may be committed
     */
    Future<Boolean> begin(SqlConnection connection, UUID job, Rewind gone) {
        var steps = gone.steps();
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(job, gone.topicRef()))
                .compose(begun -> begun.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : connection
                                .preparedQuery(REMEMBER)
                                .execute(Tuple.of(job, gone.topicRef())
                                        .addArrayOfInteger(column(steps, Rewind.Step::partition)
                                                .toArray(Integer[]::new))
                                        .addArrayOfLong(
                                                column(steps, Rewind.Step::from).toArray(Long[]::new))
                                        .addArrayOfLong(
                                                column(steps, Rewind.Step::to).toArray(Long[]::new))
                                        .addArrayOfInteger(column(steps, Rewind.Step::epoch)
                                                .toArray(Integer[]::new)))
                                .compose(kept -> ReadingStore.tell(connection))
                                .map(true));
    }

    private static <T> List<T> column(List<Rewind.Step> steps, Function<Rewind.Step, T> value) {
        return steps.stream().map(value).toList();
    }
}
