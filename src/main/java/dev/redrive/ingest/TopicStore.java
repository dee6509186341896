package dev.redrive.ingest;

import dev.redrive.ingest.Discovery.Decision;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/** Clusters and the incarnations of their dead-letter topics. */
final class TopicStore {

    private static final String CLUSTER = """
            INSERT INTO cluster (kafka_id, name) VALUES ($1, $2)
            ON CONFLICT ON CONSTRAINT cluster_is_known_once DO UPDATE SET name = excluded.name""";

    /** The first select is the usual case; the insert comes once an incarnation. */
    private static final String REF = """
            WITH known AS (
              SELECT t.id FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id
              WHERE c.kafka_id = $1 AND t.topic_id = $3),
            met AS (
              INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
              SELECT id, $2, $3 FROM cluster WHERE kafka_id = $1 AND NOT EXISTS (SELECT FROM known)
              ON CONFLICT ON CONSTRAINT topic_incarnation_is_known_once DO UPDATE SET name = excluded.name
              RETURNING id)
            SELECT id FROM known UNION ALL SELECT id FROM met""";

    private static final String READ_BEFORE = """
            SELECT t.topic_id FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id
            WHERE c.kafka_id = $1""";

    /** The youngest incarnation of a name is the one that exists. */
    private static final String POSITIONS = """
            SELECT t.name, p.kafka_partition, p.next_offset
            FROM ingest_position p JOIN dead_letter_topic t ON t.id = p.topic_ref JOIN cluster c ON c.id = t.cluster_id
            WHERE c.kafka_id = $1 AND t.name = ANY ($2)
            ORDER BY t.id""";

    private static final String PAUSED = """
            SELECT s.name FROM topic_setting s JOIN cluster c ON c.id = s.cluster_id
            WHERE c.kafka_id = $1 AND s.paused_at IS NOT NULL""";

    private static final String DECISIONS = """
            SELECT s.name, s.reading FROM topic_setting s JOIN cluster c ON c.id = s.cluster_id
            WHERE c.kafka_id = $1 AND s.reading IS NOT NULL""";

    private final Pool pool;

    TopicStore(Pool pool) {
        this.pool = pool;
    }

    /** Makes the cluster known under the name of the settings. */
    Future<Void> met(String cluster, String name) {
        return pool.preparedQuery(CLUSTER).execute(Tuple.of(cluster, name)).mapEmpty();
    }

    /** The row of this incarnation, which is made if it is not there; the cluster is known. */
    Future<Integer> ref(String cluster, String topic, UUID topicId) {
        return pool.preparedQuery(REF)
                .execute(Tuple.of(cluster, topic, topicId))
                .map(rows -> rows.iterator().next().getInteger("id"));
    }

    /** Ids of all topics that were ever read; they stay read whatever a sample of them says today. */
    Future<Set<UUID>> readBefore(String cluster) {
        return pool.preparedQuery(READ_BEFORE).execute(Tuple.of(cluster)).map(rows -> {
            var ids = new HashSet<UUID>();
            rows.forEach(row -> ids.add(row.getUUID("topic_id")));
            return ids;
        });
    }

    /** Names of the topics that are not to be read for now. */
    Future<Set<String>> paused(String cluster) {
        return pool.preparedQuery(PAUSED).execute(Tuple.of(cluster)).map(rows -> {
            var names = new HashSet<String>();
            rows.forEach(row -> names.add(row.getString("name")));
            return names;
        });
    }

    /** What operators decided about the reading of topics, by name. */
    Future<Map<String, Decision>> decisions(String cluster) {
        return pool.preparedQuery(DECISIONS).execute(Tuple.of(cluster)).map(rows -> {
            Map<String, Decision> decisions = new HashMap<>();
            rows.forEach(row -> decisions.put(
                    row.getString("name"),
                    row.getString("reading").equals("include") ? Decision.INCLUDE : Decision.EXCLUDE));
            return decisions;
        });
    }

    /** Our positions in these topics, whoever reads them. */
    Future<Map<TopicPartition, Long>> positions(String cluster, Set<String> topics) {
        return pool.preparedQuery(POSITIONS)
                .execute(Tuple.tuple().addValue(cluster).addValue(topics.toArray(String[]::new)))
                .map(rows -> {
                    var positions = new HashMap<TopicPartition, Long>();
                    rows.forEach(row -> positions.put(
                            new TopicPartition(row.getString("name"), row.getInteger("kafka_partition")),
                            row.getLong("next_offset")));
                    return positions;
                });
    }
}
