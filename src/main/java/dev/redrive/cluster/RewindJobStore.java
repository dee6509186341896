package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The SQL of a re-read that goes on: all but {@link #progress} and {@link #gone} belongs to a transaction that holds the row of the job. */
final class RewindJobStore {

    private static final String PROGRESS = """
            SELECT j.job_id, c.name AS cluster, t.name AS topic, j.ended_at IS NOT NULL AS ended, j.told, j.paced_at,
              j.paced, j.pace, now() AS now,
              EXISTS (SELECT FROM dead_letter_topic y
                WHERE y.cluster_id = t.cluster_id AND y.name = t.name AND y.id > t.id) AS made_again,
              j.gone_at IS NOT NULL AS gone,
              EXISTS (SELECT FROM topic_setting s
                WHERE s.cluster_id = t.cluster_id AND s.name = t.name AND s.paused_at IS NOT NULL) AS ingest_paused,
              r.kafka_partition, r.phase, r.from_offset, r.to_offset, r.added, r.known,
              CASE r.phase WHEN 'reading' THEN least(greatest(p.next_offset, r.from_offset), r.to_offset)
                ELSE r.reached END AS reached
            FROM rewind_job j JOIN dead_letter_topic t ON t.id = j.topic_ref JOIN cluster c ON c.id = t.cluster_id
              JOIN rewound_partition r ON r.job_id = j.job_id
              LEFT JOIN ingest_position p ON p.topic_ref = r.topic_ref AND p.kafka_partition = r.kafka_partition
            WHERE j.job_id = ANY ($1) ORDER BY j.job_id, r.kafka_partition""";

    private static final String END_REACHED = """
            UPDATE rewound_partition r SET phase = 'ended', reached = r.to_offset
            FROM ingest_position p
            WHERE r.job_id = $1 AND r.phase = 'reading' AND p.topic_ref = r.topic_ref
              AND p.kafka_partition = r.kafka_partition AND p.next_offset >= r.to_offset""";

    private static final String COUNTED = """
            UPDATE rewind_job SET told = $2,
              pace = CASE WHEN $3 THEN greatest(0, $2 - paced) / extract(epoch FROM now() - paced_at) ELSE pace END,
              paced = CASE WHEN $3 THEN $2 ELSE paced END, paced_at = CASE WHEN $3 THEN now() ELSE paced_at END
            WHERE job_id = $1""";

    /**
     * Everything before the old position was read before, so to go there loses nothing; unless the log was cut off since,
     * and then ingest has ended the partition. Both rows are locked, so that this is seen.
     */
    private static final String PUT_BACK = """
            WITH held AS (
              SELECT p.topic_ref, p.kafka_partition, p.next_offset, r.to_offset, r.stood_at, r.stood_epoch
              FROM ingest_position p JOIN rewound_partition r
                ON r.topic_ref = p.topic_ref AND r.kafka_partition = p.kafka_partition
              WHERE r.job_id = $1 AND r.phase = 'reading'
              ORDER BY p.topic_ref, p.kafka_partition FOR UPDATE OF p, r),
            back AS (
              UPDATE ingest_position p SET next_offset = h.stood_at, leader_epoch = h.stood_epoch, updated_at = now()
              FROM held h
              WHERE p.topic_ref = h.topic_ref AND p.kafka_partition = h.kafka_partition AND h.next_offset < h.stood_at)
            UPDATE rewound_partition r SET reached = least(greatest(h.next_offset, r.from_offset), r.to_offset),
              phase = CASE WHEN h.next_offset < h.to_offset THEN 'resting' ELSE 'ended' END
            FROM held h WHERE r.job_id = $1 AND r.kafka_partition = h.kafka_partition""";

    /** Ingest has gone on meanwhile, so where it stands is remembered anew. */
    private static final String GO_BACK_AGAIN = """
            WITH held AS (
              SELECT p.topic_ref, p.kafka_partition, p.next_offset, p.leader_epoch, r.reached
              FROM ingest_position p JOIN rewound_partition r
                ON r.topic_ref = p.topic_ref AND r.kafka_partition = p.kafka_partition
              WHERE r.job_id = $1 AND r.phase = 'resting'
              ORDER BY p.topic_ref, p.kafka_partition FOR UPDATE OF p, r),
            back AS (
              UPDATE ingest_position p SET next_offset = h.reached, leader_epoch = -1, updated_at = now()
              FROM held h
              WHERE p.topic_ref = h.topic_ref AND p.kafka_partition = h.kafka_partition AND h.next_offset > h.reached)
            UPDATE rewound_partition r SET phase = 'reading', stood_at = h.next_offset, stood_epoch = h.leader_epoch
            FROM held h WHERE r.job_id = $1 AND r.kafka_partition = h.kafka_partition""";

    private static final String PACE_ANEW =
            "UPDATE rewind_job SET paced = told, paced_at = now(), pace = NULL WHERE job_id = $1";

    private static final String END_PARTITIONS =
            "UPDATE rewound_partition SET phase = 'ended' WHERE job_id = $1 AND phase <> 'ended'";

    private static final String END = "UPDATE rewind_job SET ended_at = now() WHERE job_id = $1 AND ended_at IS NULL";

    private static final String GONE = """
            UPDATE rewind_job j SET gone_at = CASE WHEN t.name = ANY ($2) THEN $3::timestamptz END
            FROM dead_letter_topic t
            WHERE t.id = j.topic_ref AND t.cluster_id = $1 AND j.ended_at IS NULL
              AND (t.name = ANY ($2)) = (j.gone_at IS NULL)""";

    private RewindJobStore() {}

    /** @return by id */
    static Future<Map<UUID, RewindProgress>> progress(SqlClient client, List<UUID> jobs) {
        return client.preparedQuery(PROGRESS)
                .execute(Tuple.tuple().addArrayOfUUID(jobs.toArray(UUID[]::new)))
                .map(rows -> {
                    var byJob = new LinkedHashMap<UUID, List<Row>>();
                    rows.forEach(row -> byJob.computeIfAbsent(row.getUUID("job_id"), job -> new ArrayList<>())
                            .add(row));
                    var found = new HashMap<UUID, RewindProgress>();
                    byJob.forEach((job, parts) -> found.put(job, RewindProgress.from(parts)));
                    return Map.copyOf(found);
                });
    }

    /** Ends the partitions whose position has come to where ingest stood. */
    static Future<Void> endReached(SqlConnection connection, UUID job) {
        return run(connection, END_REACHED, job);
    }

    /** @param anew whether it is time for a new pace */
    static Future<Void> counted(SqlConnection connection, UUID job, long passed, boolean anew) {
        return connection
                .preparedQuery(COUNTED)
                .execute(Tuple.of(job, passed, anew))
                .mapEmpty();
    }

    /** Lets ingest go on where it stood; how far it was is remembered. */
    static Future<Void> putBack(SqlConnection connection, UUID job) {
        return run(connection, PUT_BACK, job).compose(back -> ReadingStore.tell(connection));
    }

    static Future<Void> goBackAgain(SqlConnection connection, UUID job) {
        return run(connection, GO_BACK_AGAIN, job)
                .compose(back -> run(connection, PACE_ANEW, job))
                .compose(paced -> ReadingStore.tell(connection));
    }

    /**
     * Writes down which topics are read again and do not exist, for the next turn of the job. Holds no row of a job.
     *
     * @param cluster of the cluster's row
     * @param topics names of those that do not exist, or not for us
     */
    static Future<Void> gone(SqlConnection connection, short cluster, Collection<String> topics, Instant now) {
        return connection
                .preparedQuery(GONE)
                .execute(Tuple.of(cluster)
                        .addValue(topics.toArray(String[]::new))
                        .addValue(ConsumerLagStore.utc(now)))
                .mapEmpty();
    }

    /** Another job may read the topic again from now on. */
    static Future<Void> end(SqlConnection connection, UUID job) {
        return run(connection, END_PARTITIONS, job).compose(ended -> run(connection, END, job));
    }

    private static Future<Void> run(SqlConnection connection, String sql, UUID job) {
        return connection.preparedQuery(sql).execute(Tuple.of(job)).mapEmpty();
    }
}
