package dev.redrive.letter;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of letters for tests of reading, without a broker. Each letter gets the next offset of its topic. */
public final class StoredLetters {

    private static final UUID TOPIC_ID = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private static final String CLUSTER = """
            INSERT INTO cluster (kafka_id, name) VALUES ('kafka-1', 'main')
            ON CONFLICT (kafka_id) DO UPDATE SET name = excluded.name RETURNING id""";

    private static final String TOPIC = """
            INSERT INTO dead_letter_topic (cluster_id, name, topic_id) VALUES ($1, $2, $3)
            ON CONFLICT (cluster_id, topic_id) DO UPDATE SET name = excluded.name RETURNING id""";

    private static final String GROUP = """
            INSERT INTO failure_group (fingerprint, fingerprint_version, title, topic, convention, parts)
            VALUES ($1, 1, $2, $3, 'spring-kafka', '[]')
            ON CONFLICT (fingerprint) DO UPDATE SET title = excluded.title RETURNING id""";

    private static final String LETTER = """
            WITH letter AS (
              INSERT INTO dead_letter (kafka_offset, kafka_timestamp, failed_at, failure_group_id, topic_ref,
                kafka_partition, leader_epoch, timestamp_type, storage, payload, replayable, convention, content_hash,
                value_size, key, value, headers, unwrapped, origin_topic, origin_partition, origin_offset, origin_group,
                exception_class, cause_class, message, attempts, replay_drops)
              VALUES ($1, $2, $3, $4, $5, 3, 0, 1, $6, 'present', true, 'spring-kafka', $7,
                $8, $9, $10, $11, NULL, 'orders', 3, $1 + 1000, 'orders-svc',
                $12, $13, $14, 3, '{kafka_dlt-original-topic}')
              RETURNING id),
            state AS (
              INSERT INTO letter_state (letter_id, failure_group_id, topic_ref) SELECT id, $4, $5 FROM letter),
            counted AS (
              INSERT INTO failure_group_counter AS c (failure_group_id, letters, open) VALUES ($4, 1, 1)
              ON CONFLICT (failure_group_id) DO UPDATE SET letters = c.letters + 1, open = c.open + 1)
            SELECT id FROM letter""";

    private final Pool pool;
    private int next;

    public StoredLetters(Pool pool) {
        this.pool = pool;
    }

    /** What tells one letter of a test from another; the rest is the same. */
    public record Sample(
            String topic,
            @Nullable Buffer key,
            @Nullable Buffer value,
            String exceptionClass,
            String message,
            OffsetDateTime failedAt,
            List<Header> headers,
            Storage storage) {

        public Sample withTopic(String other) {
            return new Sample(other, key, value, exceptionClass, message, failedAt, headers, storage);
        }

        public Sample withKey(@Nullable Buffer other) {
            return new Sample(topic, other, value, exceptionClass, message, failedAt, headers, storage);
        }

        public Sample withValue(@Nullable Buffer other) {
            return new Sample(topic, key, other, exceptionClass, message, failedAt, headers, storage);
        }

        public Sample withFailure(String otherClass, String otherMessage) {
            return new Sample(topic, key, value, otherClass, otherMessage, failedAt, headers, storage);
        }

        public Sample withFailedAt(OffsetDateTime other) {
            return new Sample(topic, key, value, exceptionClass, message, other, headers, storage);
        }

        public Sample withHeaders(Header... other) {
            return new Sample(topic, key, value, exceptionClass, message, failedAt, List.of(other), storage);
        }

        public Sample withStorage(Storage other) {
            return new Sample(topic, key, value, exceptionClass, message, failedAt, headers, other);
        }
    }

    public static Sample sample() {
        return new Sample(
                "orders-dlt",
                Buffer.buffer("cust-4711"),
                Buffer.buffer("{\"amount\":\"12,50\"}"),
                "org.acme.orders.PriceException",
                "Cannot read amount",
                OffsetDateTime.of(2026, 11, 23, 3, 7, 41, 4_000_000, ZoneOffset.UTC),
                List.of(new Header("traceparent", Buffer.buffer("00-1"))),
                Storage.INLINE);
    }

    /** @return the letter's id */
    public long add(Sample sample) throws Exception {
        short cluster = ApiServer.await(pool.preparedQuery(CLUSTER).execute())
                .iterator()
                .next()
                .getShort(0);
        var topicId =
                UUID.nameUUIDFromBytes((TOPIC_ID + sample.topic()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        int topic = ApiServer.await(pool.preparedQuery(TOPIC).execute(Tuple.of(cluster, sample.topic(), topicId)))
                .iterator()
                .next()
                .getInteger(0);
        var fingerprint = Buffer.buffer(sample.exceptionClass());
        long group = ApiServer.await(pool.preparedQuery(GROUP)
                        .execute(Tuple.of(fingerprint, sample.exceptionClass(), sample.topic())))
                .iterator()
                .next()
                .getLong(0);
        var content = new Content(sample.key(), sample.value(), sample.headers());
        boolean inline = sample.storage() == Storage.INLINE;
        long id = ApiServer.await(pool.preparedQuery(LETTER)
                        .execute(Tuple.tuple()
                                .addLong((long) next++)
                                .addLong(sample.failedAt().toInstant().toEpochMilli())
                                .addOffsetDateTime(sample.failedAt())
                                .addLong(group)
                                .addInteger(topic)
                                .addString(sample.storage().word())
                                .addBuffer(ContentCodec.hash(content))
                                .addLong(
                                        sample.value() == null
                                                ? null
                                                : (long) sample.value().length())
                                .addBuffer(sample.key())
                                .addBuffer(inline ? sample.value() : null)
                                .addBuffer(HeaderCodec.encode(sample.headers(), null))
                                .addString(sample.exceptionClass())
                                .addString(sample.exceptionClass())
                                .addString(sample.message())))
                .iterator()
                .next()
                .getLong(0);
        var value = sample.value();
        if (sample.storage() == Storage.CHUNKED && value != null) {
            chunks(id, value);
        }
        return id;
    }

    private void chunks(long id, Buffer value) throws Exception {
        int size = 256 * 1024;
        for (int no = 0; no * size < value.length(); no++) {
            var piece = value.getBuffer(no * size, Math.min(value.length(), (no + 1) * size));
            ApiServer.await(pool.preparedQuery("INSERT INTO letter_chunk (letter_id, no, bytes) VALUES ($1, $2, $3)")
                    .execute(Tuple.of(id, no, piece)));
        }
    }
}
