package dev.redrive.replay;

import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.Header;
import dev.redrive.letter.HeaderCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Letters as ingest would have stored them, written straight into the tables; open, with an origin. */
final class LetterRows {

    private static final AtomicLong OFFSET = new AtomicLong();

    private final Pool pool;
    private final String kafkaId;
    private final String cluster;

    LetterRows(Pool pool, String kafkaId, String cluster) {
        this.pool = pool;
        this.kafkaId = kafkaId;
        this.cluster = cluster;
    }

    /** Parts of a letter that a test does not name are ordinary. */
    static final class Letter {
        private final String originTopic;
        private Content content = new Content(Buffer.buffer("key"), Buffer.buffer("{\"a\":1}"), List.of());
        private @Nullable Integer originPartition = 0;
        private @Nullable Long originOffset = 1_000_000L;
        private @Nullable String group = "orders-svc";
        private @Nullable UUID replayId;
        private List<String> drops = List.of();
        private @Nullable Content unwrapped;
        private String payload = "present";
        private int returns;
        private String failure = "fingerprint";

        Letter(String originTopic) {
            this.originTopic = originTopic;
        }

        Letter content(@Nullable String key, @Nullable String value, Header... headers) {
            return content(new Content(buffer(key), buffer(value), List.of(headers)));
        }

        Letter content(Content bytes) {
            this.content = bytes;
            return this;
        }

        Letter origin(@Nullable Integer partition, @Nullable Long offset) {
            this.originPartition = partition;
            this.originOffset = offset;
            return this;
        }

        Letter group(@Nullable String name) {
            this.group = name;
            return this;
        }

        Letter replayOf(UUID id) {
            this.replayId = id;
            return this;
        }

        Letter drops(String... names) {
            this.drops = List.of(names);
            return this;
        }

        Letter unwrapped(Content bytes) {
            this.unwrapped = bytes;
            return this;
        }

        Letter withoutPayload() {
            this.payload = "absent";
            return content(null, null);
        }

        /** Letters of the same failure are in one failure group. */
        Letter failure(String name) {
            this.failure = name;
            return this;
        }

        Letter returned(int times) {
            this.returns = times;
            return this;
        }

        private static @Nullable Buffer buffer(@Nullable String text) {
            return text == null ? null : Buffer.buffer(text);
        }
    }

    /** @return the id */
    long add(Letter letter) {
        return addAll(List.of(letter)).get(0);
    }

    /** In one transaction. */
    List<Long> addAll(List<Letter> letters) {
        return pool.withTransaction(connection -> {
                    var ids = new ArrayList<Long>();
                    var all = Future.<Void>succeededFuture();
                    for (var letter : letters) {
                        all = all.compose(before -> add(connection, letter)).map(id -> {
                            ids.add(id);
                            return null;
                        });
                    }
                    return all.map(ids);
                })
                .timeout(30, TimeUnit.SECONDS)
                .await();
    }

    private Future<Long> add(SqlConnection connection, Letter letter) {
        var bytes = letter.content;
        var topic = connection
                .preparedQuery("""
                        WITH c AS (
                          INSERT INTO cluster (kafka_id, name) VALUES ($1, $2)
                          ON CONFLICT (kafka_id) DO UPDATE SET name = excluded.name RETURNING id)
                        INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
                        SELECT id, $3, $4 FROM c
                        ON CONFLICT (cluster_id, topic_id) DO UPDATE SET name = excluded.name RETURNING id""")
                .execute(Tuple.of(
                        kafkaId,
                        cluster,
                        letter.originTopic + "-dlt",
                        UUID.nameUUIDFromBytes(letter.originTopic.getBytes(StandardCharsets.UTF_8))));
        var group = connection.preparedQuery("""
                        WITH g AS (
                          INSERT INTO failure_group (fingerprint, fingerprint_version, title, topic, convention, parts)
                          VALUES ($1, 1, 't', 't', 'unknown', '[]')
                          ON CONFLICT (fingerprint) DO UPDATE SET title = excluded.title RETURNING id),
                        counted AS (INSERT INTO failure_group_counter (failure_group_id) SELECT id FROM g
                          ON CONFLICT DO NOTHING)
                        SELECT id FROM g""").execute(Tuple.of(Buffer.buffer(letter.failure)));
        return Future.all(topic, group)
                .compose(both -> connection
                        .preparedQuery("""
                        WITH d AS (
                          INSERT INTO dead_letter (kafka_offset, kafka_timestamp, failed_at, failure_group_id, topic_ref,
                            kafka_partition, leader_epoch, timestamp_type, storage, payload, replayable, convention,
                            content_hash, value_size, key, value, headers, unwrapped, origin_topic, origin_partition,
                            origin_offset, origin_timestamp, origin_group, replay_drops, replay_id)
                          VALUES ($1, 1000, now(), $2, $3, 0, 0, 1, 'inline', $4, $5, 'unknown', $6, $7, $8, $9, $10, $11,
                            $12, $13, $14, 1700000000000, $15, $16, $17)
                          RETURNING id, failure_group_id, topic_ref)
                        INSERT INTO letter_state (letter_id, failure_group_id, topic_ref, returns)
                        SELECT id, failure_group_id, topic_ref, $18 FROM d RETURNING letter_id""")
                        .execute(Tuple.tuple()
                                .addLong(OFFSET.incrementAndGet())
                                .addLong(group.result().iterator().next().getLong("id"))
                                .addInteger(topic.result().iterator().next().getInteger("id"))
                                .addString(letter.payload)
                                .addBoolean(letter.payload.equals("present"))
                                .addBuffer(ContentCodec.hash(bytes))
                                .addLong(
                                        bytes.value() == null
                                                ? null
                                                : (long) bytes.value().length())
                                .addBuffer(bytes.key())
                                .addBuffer(bytes.value())
                                .addBuffer(HeaderCodec.encode(bytes.headers(), null))
                                .addBuffer(letter.unwrapped == null ? null : ContentCodec.encode(letter.unwrapped))
                                .addString(letter.originTopic)
                                .addInteger(letter.originPartition)
                                .addLong(letter.originOffset)
                                .addString(letter.group)
                                .addArrayOfString(letter.drops.toArray(String[]::new))
                                .addUUID(letter.replayId)
                                .addInteger(letter.returns))
                        .map(rows -> rows.iterator().next().getLong("letter_id")));
    }

    private static final String COPY = """
            INSERT INTO dead_letter (kafka_offset, kafka_timestamp, failed_at, failure_group_id, topic_ref,
              kafka_partition, leader_epoch, timestamp_type, storage, payload, replayable, convention, content_hash,
              value_size, key, value, headers, origin_topic, origin_partition, origin_offset, origin_timestamp,
              origin_group, replay_drops)
            SELECT 10000000 * id + n, kafka_timestamp, failed_at, failure_group_id, topic_ref, kafka_partition, leader_epoch,
              timestamp_type, storage, payload, replayable, convention, content_hash, value_size, key, value, headers,
              origin_topic, origin_partition, $3 + n * $4, origin_timestamp, origin_group, replay_drops
            FROM dead_letter, generate_series(1, $2::integer) AS n WHERE id = $1
            RETURNING id, failure_group_id, topic_ref""";

    private static final String STATES = """
            WITH copied AS (%s)
            INSERT INTO letter_state (letter_id, failure_group_id, topic_ref)
            SELECT id, failure_group_id, topic_ref FROM copied""".formatted(COPY);

    /** The same letter again and again, as if it had failed at every {@code step}-th offset behind {@code from}. */
    void copy(long letter, int times, long from, long step) {
        pool.preparedQuery(STATES)
                .execute(Tuple.of(letter, times, from, step))
                .timeout(120, TimeUnit.SECONDS)
                .await();
    }
}
