package dev.redrive.replay;

import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Reads what has to be known of a letter before it is replayed. */
final class CandidateStore {

    private static final String FIND = """
            SELECT d.id, s.version, s.status, s.returns, d.replayable, t.cluster_id, c.kafka_id, c.name AS cluster,
              d.origin_topic, d.origin_partition, d.origin_offset,
              CASE WHEN coalesce(d.origin_timestamp, d.kafka_timestamp) >= 0
                THEN coalesce(d.origin_timestamp, d.kafka_timestamp) END AS origin_timestamp,
              d.origin_group, d.convention,
              CASE d.payload WHEN 'present' THEN d.replay_drops ELSE '{}' END AS replay_drops
            FROM dead_letter d JOIN letter_state s ON s.letter_id = d.id
              JOIN dead_letter_topic t ON t.id = d.topic_ref JOIN cluster c ON c.id = t.cluster_id
            WHERE d.id = $1""";

    private static final String IS_READ = """
            SELECT EXISTS (SELECT FROM dead_letter_topic WHERE cluster_id = $1 AND name = $2) AS is_read""";

    private static final String HAS_NEWER = """
            SELECT EXISTS (
              SELECT FROM dead_letter d JOIN dead_letter me ON me.id = $1
              WHERE substring(d.key FROM 1 FOR 64) = substring(me.key FROM 1 FOR 64) AND d.key = me.key
                AND d.id > me.id AND d.origin_topic IS NOT DISTINCT FROM me.origin_topic) AS newer""";

    /** By the hundred before it, because a key may have any number of letters. */
    private static final String HAS_EARLIER = """
            SELECT EXISTS (
              SELECT FROM (
                SELECT d.id FROM dead_letter d JOIN dead_letter me ON me.id = $1
                WHERE substring(d.key FROM 1 FOR 64) = substring(me.key FROM 1 FOR 64) AND d.key = me.key
                  AND d.id < me.id AND d.origin_topic IS NOT DISTINCT FROM me.origin_topic
                ORDER BY d.id DESC LIMIT 100) AS near
              JOIN letter_state s ON s.letter_id = near.id AND s.status = 'open') AS earlier""";

    private final Pool pool;

    CandidateStore(Pool pool) {
        this.pool = pool;
    }

    Future<Optional<Candidate>> find(long letterId) {
        return pool.preparedQuery(FIND)
                .mapping(CandidateStore::candidate)
                .execute(Tuple.of(letterId))
                .map(rows -> rows.stream().findFirst());
    }

    /** Whether Redrive reads the topic, or ever did: a replay into it would come back as a dead letter. */
    Future<Boolean> isRead(short clusterId, String topic) {
        return pool.preparedQuery(IS_READ)
                .execute(Tuple.of(clusterId, topic))
                .map(rows -> rows.iterator().next().getBoolean("is_read"));
    }

    /** Whether a later letter of the same origin topic has the same key. */
    Future<Boolean> hasNewer(long letterId) {
        return pool.preparedQuery(HAS_NEWER)
                .execute(Tuple.of(letterId))
                .map(rows -> rows.iterator().next().getBoolean("newer"));
    }

    /** Whether an earlier letter of the same origin topic has the same key and is open: this one would overtake it. */
    Future<Boolean> hasEarlier(long letterId) {
        return pool.preparedQuery(HAS_EARLIER)
                .execute(Tuple.of(letterId))
                .map(rows -> rows.iterator().next().getBoolean("earlier"));
    }

    private static Candidate candidate(Row row) {
        return new Candidate(
                row.getLong("id"),
                row.getInteger("version"),
                Status.of(row.getString("status")),
                row.getInteger("returns"),
                row.getBoolean("replayable"),
                row.getShort("cluster_id"),
                row.getString("kafka_id"),
                row.getString("cluster"),
                row.getString("origin_topic"),
                row.getInteger("origin_partition"),
                row.getLong("origin_offset"),
                row.getLong("origin_timestamp"),
                row.getString("origin_group"),
                row.getString("convention"),
                new HashSet<>(List.of(row.getArrayOfStrings("replay_drops"))));
    }
}
