package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.Vectors;
import dev.redrive.testkit.Vectors.Vector;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A benchmark over rows that ingest would not write says nothing. */
class BulkLoaderTest {

    /** Every column of every table that a letter has rows in, but ids and times of storing. */
    private static final String ROWS = """
            SELECT t.name AS topic, to_jsonb(d) - '{id,ingested_at,failure_group_id,topic_ref}'::text[] AS letter,
              to_jsonb(s) - '{letter_id,failure_group_id,topic_ref,kind_ref,changed_at}'::text[] AS state,
              to_jsonb(k) - '{id,key,topic_ref}'::text[] AS kind, k.key IS NOT NULL AS keyed,
              to_jsonb(g) - '{id,created_at}'::text[] AS failure_group,
              to_jsonb(c) - '{failure_group_id}'::text[] AS counter,
              (SELECT jsonb_agg(jsonb_build_array(b.hour, b.letters) ORDER BY b.hour)
               FROM failure_group_bucket b WHERE b.failure_group_id = g.id) AS buckets,
              (SELECT jsonb_agg(jsonb_build_array(y.hour, y.status, y.letters) ORDER BY y.hour)
               FROM letter_tally y WHERE y.failure_group_id = g.id AND y.kind_ref = k.id) AS tallies,
              encode(x.frames, 'hex') AS frames,
              (SELECT jsonb_agg(jsonb_build_array(p.no, md5(p.bytes)) ORDER BY p.no)
               FROM letter_chunk p WHERE p.letter_id = d.id) AS chunks
            FROM dead_letter d JOIN letter_state s ON s.letter_id = d.id
            JOIN dead_letter_topic t ON t.id = d.topic_ref JOIN letter_kind k ON k.id = s.kind_ref
            JOIN failure_group g ON g.id = s.failure_group_id
            JOIN failure_group_counter c ON c.failure_group_id = g.id
            LEFT JOIN stack_trace x ON x.hash = d.trace_hash
            ORDER BY t.name, d.kafka_partition, d.kafka_offset""";

    private final Vertx vertx = Vertx.vertx();
    private final Broker broker = Broker.own();
    private final String ingested = Postgres.shared().freshDatabase();
    private final Pool loaded =
            new Database(new Settings.Database(Postgres.shared().freshDatabase(), 4)).open(vertx);
    private final Rig rig = new Rig(broker.bootstrapServers(), ingested).withoutPrefix();

    @AfterEach
    void close() throws Exception {
        rig.close();
        broker.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void writesTheRowsThatIngestWrites() throws Exception {
        var topics = Vectors.all().stream()
                .filter(Vector::isDeadLetter)
                .map(Vector::dlqTopic)
                .distinct()
                .toList();
        topics.forEach(name -> broker.topics().createTopic(name, 1));
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        Vectors.all().stream()
                .filter(Vector::isDeadLetter)
                .map(BulkLoaderTest::record)
                .forEach(records::add);
        // One that is stored in pieces.
        records.add(new ProducerRecord<>(topics.get(0), 0, 1_700_000_000_000L, null, new byte[600_000]));
        broker.topics().produceAll(records);
        rig.start().awaitLetters(records.size());
        var read = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        topics.forEach(topic -> read.addAll(broker.topics().read(topic)));
        new BulkLoader(loaded, "another-cluster", "main").load(read);

        var byIngest = rig.sql(ROWS);
        var byLoader = rows(loaded.query(ROWS).execute().await(20, TimeUnit.SECONDS));
        assertThat(byLoader).hasSameSizeAs(records);
        for (int i = 0; i < byLoader.size(); i++) {
            assertThat(byLoader.get(i).toJson()).isEqualTo(byIngest.get(i).toJson());
        }
    }

    private static List<Row> rows(Iterable<Row> found) {
        var rows = new ArrayList<Row>();
        found.forEach(rows::add);
        return rows;
    }

    private static ProducerRecord<byte[], byte[]> record(Vector vector) {
        var content = vector.content();
        var record = new ProducerRecord<>(
                vector.dlqTopic(), 0, vector.recordTimestamp(), bytes(content.key()), bytes(content.value()));
        content.headers().forEach(each -> record.headers().add(each.name(), bytes(each.value())));
        return record;
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
