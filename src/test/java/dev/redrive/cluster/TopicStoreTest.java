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
}
