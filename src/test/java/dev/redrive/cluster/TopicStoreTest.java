package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class TopicStoreTest {

    private static final String TOPIC = """
            WITH met AS (INSERT INTO cluster (kafka_id, name) VALUES ('k', 'default') RETURNING id)
            INSERT INTO dead_letter_topic (cluster_id, name, topic_id) SELECT id, 'orders-dlt', gen_random_uuid() FROM met""";

    private static final String LETTERS = """
            INSERT INTO cluster (kafka_id, name) VALUES ('k', 'default');
            INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
            SELECT id, n, gen_random_uuid() FROM cluster, unnest(ARRAY['far-dlt', 'near-dlt', 'none-dlt']) AS n;
            INSERT INTO failure_group (fingerprint, fingerprint_version, title, topic, convention, parts)
            VALUES ('1', 1, 'title', 't', 'c', '[]');
            INSERT INTO dead_letter (kafka_offset, kafka_timestamp, failed_at, failure_group_id, topic_ref,
              kafka_partition, leader_epoch, timestamp_type, storage, payload, replayable, convention, content_hash,
              origin_topic, replay_drops)
            SELECT n, 0, now() - make_interval(mins => n), g.id, t.id, 0, 0, 0, 'inline', 'present', true, 'c',
              sha256('x'), CASE WHEN n > 3 THEN 'near' WHEN n = 3 THEN 'far' ELSE 'older' END, '{}'
            FROM generate_series(1, 2103) AS n JOIN dead_letter_topic t
              ON t.name = CASE WHEN n > 3 THEN 'near-dlt' ELSE 'far-dlt' END, failure_group g ORDER BY n;
            INSERT INTO failure_group_counter (failure_group_id) SELECT id FROM failure_group;
            INSERT INTO letter_state (letter_id, failure_group_id, topic_ref)
            SELECT id, failure_group_id, topic_ref FROM dead_letter ORDER BY id;
            UPDATE letter_state SET status = 'returned' WHERE letter_id = (SELECT min(letter_id) FROM letter_state)""";

    @Test
    void listsATopicThatHasNoLettersYet() {
        var vertx = Vertx.vertx();
        try {
            var settings = new Settings.Database(Postgres.shared().freshDatabase(), 4);
            var pool = new Database(settings).open(vertx);
            pool.query(TOPIC).execute().await();
            var topics = new TopicStore(pool).topics(null, null).await();
            assertThat(topics).hasSize(1);
            assertThat(topics.get(0).getString("name")).isEqualTo("orders-dlt");
            assertThat(topics.get(0).getLong("letters")).isZero();
        } finally {
            vertx.close().await();
        }
    }

    /** The letters of one topic come after those of the other, and are more than are looked at first. */
    @Test
    void knowsTheNewestLetterOfATopicNearAndFarBack() {
        var vertx = Vertx.vertx();
        try {
            var settings = new Settings.Database(Postgres.shared().freshDatabase(), 4);
            var pool = new Database(settings).open(vertx);
            for (var statement : LETTERS.split(";")) {
                pool.query(statement).execute().await();
            }
            var store = new TopicStore(pool);
            var all = store.topics(null, null).await();
            assertThat(all).extracting(row -> row.getString("name")).containsExactly("far-dlt", "near-dlt", "none-dlt");
            assertThat(all).extracting(row -> row.getString("origin_topic")).containsExactly("far", "near", null);
            assertThat(all).extracting(row -> row.getLong("letters")).containsExactly(3L, 2_100L, 0L);
            assertThat(all).extracting(row -> row.getLong("open")).containsExactly(2L, 2_100L, 0L);
            for (var topic : all) {
                var one = store.topics(topic.getString("name"), null).await().get(0);
                assertThat(one.toJson()).isEqualTo(topic.toJson());
            }
        } finally {
            vertx.close().await();
        }
    }
}
