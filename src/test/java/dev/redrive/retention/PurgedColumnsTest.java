package dev.redrive.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.ingest.BulkLoader;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a purge takes and what it leaves, for letters as ingest stores them. */
class PurgedColumnsTest {

    /** Where it lay, where it came from, how large it was, what kind of failure: docs/retention.md says why. */
    private static final Set<String> KEPT = Set.of(
            "id",
            "topic_ref",
            "kafka_partition",
            "kafka_offset",
            "leader_epoch",
            "kafka_timestamp",
            "timestamp_type",
            "failed_at",
            "ingested_at",
            "failure_group_id",
            "convention",
            "content_hash",
            "value_size",
            "origin_topic",
            "origin_partition",
            "origin_offset",
            "origin_timestamp",
            "origin_group",
            "origin_inferred_from",
            "exception_class",
            "cause_class",
            "attempts",
            "latest",
            "replay_id");

    private static final String SECRET = "jane.doe@example.org";

    private RetentionDesk desk;
    private BulkLoader loader;

    @BeforeEach
    void open() throws Exception {
        desk = new RetentionDesk();
        loader = new BulkLoader(desk.api.pool(), "kafka-1", "main");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, int valueBytes) {
        var headers = new RecordHeaders();
        headers.add("kafka_dlt-original-topic", utf8("orders"));
        headers.add("kafka_dlt-original-partition", new byte[] {0, 0, 0, 1});
        headers.add("kafka_dlt-original-offset", new byte[] {0, 0, 0, 0, 0, 0, 0, 9});
        headers.add("kafka_dlt-exception-fqcn", utf8("org.acme.PriceException"));
        headers.add("kafka_dlt-exception-message", utf8("no price for " + SECRET));
        headers.add(
                "kafka_dlt-exception-stacktrace",
                utf8("org.acme.PriceException: no price for " + SECRET
                        + "\n\tat org.acme.Orders.price(Orders.java:17)\n"));
        headers.add("who", utf8(SECRET));
        var value = utf8(SECRET + "x".repeat(valueBytes));
        return new ConsumerRecord<>(
                "orders-dlt",
                0,
                offset,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                SECRET.length(),
                value.length,
                utf8(SECRET),
                value,
                headers,
                java.util.Optional.of(0));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void purge(long letter) throws Exception {
        ApiServer.await(
                desk.api.pool().withTransaction(connection -> PurgeStore.purge(connection, List.of(letter), null)));
    }

    private long letter(long offset) throws Exception {
        return desk.row("SELECT id FROM dead_letter WHERE kafka_offset = $1", offset)
                .getLong(0);
    }

    @Test
    void leavesNothingThatAPersonCouldBeKnownBy() throws Exception {
        loader.load(List.of(record(7, 600_000)));
        long letter = letter(7);
        desk.sql("INSERT INTO letter_note (letter_id, author, text) VALUES ($1, 'ana', $2)", letter, "ask " + SECRET);
        desk.sql("UPDATE letter_state SET notes = 1, tags = ARRAY[$2] WHERE letter_id = $1", letter, SECRET);
        for (int version : List.of(1, 2)) {
            desk.sql("""
                    INSERT INTO draft (letter_id, version, current, key, value, headers, content_hash, author, reason)
                    SELECT id, $2::integer, $2 = 2, convert_to($3, 'UTF8'), convert_to($3, 'UTF8'), headers, content_hash,
                      'ana', $3
                    FROM dead_letter WHERE id = $1""", letter, version, SECRET);
        }
        desk.sql("""
                INSERT INTO replay (id, letter_id, source, draft_id, content_hash, cluster_id, target_topic, target_topic_id,
                  partitioning, lane, state, outcome, requested_by)
                SELECT gen_random_uuid(), d.letter_id, 'draft', d.id, d.content_hash, 1, 'orders', gen_random_uuid(), 'key', 0,
                  'done', 'sent', 'ana'
                FROM draft d WHERE version = 1""");
        desk.sql("UPDATE letter_state SET status = 'replayed' WHERE letter_id = $1", letter);
        purge(letter);
        assertThat(desk.count("letter_chunk")).isZero();
        assertThat(desk.count("letter_note")).isZero();
        assertThat(desk.count("draft")).as("the one that was sent").isEqualTo(1);
        for (var table : List.of("dead_letter", "letter_state", "draft", "replay", "job_item", "letter_kind")) {
            var rows = ApiServer.await(desk.api
                    .pool()
                    .query("SELECT to_jsonb(t)::text AS row FROM " + table + " t")
                    .execute());
            var hex = java.util.HexFormat.of().formatHex(utf8(SECRET));
            rows.forEach(row -> assertThat(row.getString("row"))
                    .as(table)
                    .doesNotContain(SECRET)
                    .doesNotContain(hex));
        }
        assertThat(desk.row("SELECT tags = '{}' AND notes = 0 AND status = 'purged' FROM letter_state")
                        .getBoolean(0))
                .isTrue();
    }

    /** Somebody who adds a column decides here whether a purge takes it. */
    @Test
    void emptiesEveryColumnThatIsNotKept() throws Exception {
        loader.load(List.of(record(7, 10)));
        long letter = letter(7);
        var before = row(letter);
        purge(letter);
        var after = row(letter);
        var filled = new TreeSet<String>();
        for (int i = 0; i < after.size(); i++) {
            var name = after.getColumnName(i);
            if (KEPT.contains(name)) {
                assertThat(after.getValue(i)).as(name).isEqualTo(before.getValue(i));
            } else if (after.getValue(i) != null) {
                filled.add(name);
            }
        }
        assertThat(filled).containsExactly("payload", "replay_drops", "replayable", "storage");
        assertThat(after.getString("storage")).isEqualTo("pointer");
        assertThat(after.getString("payload")).isEqualTo("absent");
        assertThat(after.getBoolean("replayable")).isFalse();
        assertThat(after.getArrayOfStrings("replay_drops")).isEmpty();
    }

    private Row row(long letter) throws Exception {
        return desk.row("SELECT * FROM dead_letter WHERE id = $1", letter);
    }

    @Test
    @DisplayName("A record that is read again does not bring a purged letter back")
    void staysPurgedWhenItIsReadAgain() throws Exception {
        loader.load(List.of(record(7, 300_000), record(8, 10)));
        purge(letter(7));
        purge(letter(8));
        loader.load(List.of(record(7, 300_000), record(8, 10)));
        assertThat(desk.count("dead_letter")).isEqualTo(2);
        assertThat(desk.count("dead_letter WHERE key IS NULL AND value IS NULL AND headers IS NULL"))
                .isEqualTo(2);
        assertThat(desk.count("letter_state WHERE status = 'purged'")).isEqualTo(2);
        assertThat(desk.count("letter_chunk")).isZero();
        assertThat(desk.count("failure_group_counter WHERE letters = 2 AND purged = 2 AND open = 0"))
                .isEqualTo(1);
    }
}
