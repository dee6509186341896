package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Stores letters of {@link RandomLetter} under their own ids, in an empty database. */
record RandomLetterRows(Pool pool) {

    private static final Buffer HASH = Buffer.buffer(new byte[32]);

    private static final String BEFORE = """
            INSERT INTO cluster (kafka_id, name) VALUES ('k', 'main')""";
    private static final String TOPIC = """
            INSERT INTO dead_letter_topic (cluster_id, name, topic_id) SELECT id, $1, gen_random_uuid() FROM cluster""";
    private static final String GROUPS = """
            INSERT INTO failure_group (fingerprint, fingerprint_version, title, topic, convention, parts)
            SELECT n::text::bytea, 1, 'title ' || n, 't', 'c', '[]' FROM generate_series(1, 5) AS n""";
    private static final String COUNTERS = """
            INSERT INTO failure_group_counter (failure_group_id) SELECT id FROM failure_group ON CONFLICT DO NOTHING""";
    private static final String JOB = """
            INSERT INTO job (id, type, state, q, frozen_q, watermark, frozen_at, reason, requested_by, total, total_exact,
              next_below, not_before, caller)
            VALUES ($1, 'tag', 'succeeded', '', '', 0, now(), 'r', 'ana', 0, true, 0, now(), 'ana')""";

    private static final String LETTER = """
            INSERT INTO dead_letter (id, kafka_offset, kafka_timestamp, failed_at, failure_group_id, topic_ref,
              kafka_partition, leader_epoch, timestamp_type, storage, payload, replayable, convention, content_hash,
              value_size, key, value, headers, trace_hash, origin_topic, origin_group, exception_class, cause_class,
              message, attempts, replay_drops)
            OVERRIDING SYSTEM VALUE
            SELECT $1, $2, 0, $3, $4, t.id, $5, 0, 1, $6, $7, true, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
              $19, $20, '{}' FROM dead_letter_topic t WHERE t.name = $21""";
    private static final String STATE = """
            INSERT INTO letter_state (letter_id, failure_group_id, topic_ref, status, returns, parent_id, assignee, tags, notes)
            SELECT d.id, d.failure_group_id, d.topic_ref, $2, $3, $4, $5, $6, $7 FROM dead_letter d WHERE d.id = $1""";
    private static final String DRAFT = """
            INSERT INTO draft (letter_id, version, headers, content_hash, author) VALUES ($1, 1, $2, $3, 'ana')""";
    private static final String ITEM = "INSERT INTO job_item (job_id, letter_id, result) VALUES ($1, $2, 'done')";
    private static final String REPLAY = """
            INSERT INTO replay (id, letter_id, source, content_hash, cluster_id, target_topic, target_topic_id,
              partitioning, lane, state, outcome, requested_by)
            SELECT gen_random_uuid(), $1, 'original', $2, id, 'orders', gen_random_uuid(), 'key', 0,
              CASE WHEN $3 IN ('failed', 'uncertain') THEN $3 ELSE 'done' END, nullif($3::text, 'failed'), 'ana'
            FROM cluster""";

    void store(List<RandomLetter> letters) throws Exception {
        run(BEFORE, Tuple.tuple());
        for (var topic : RandomLetter.TOPICS) {
            run(TOPIC, Tuple.of(topic));
        }
        run(GROUPS, Tuple.tuple());
        run(COUNTERS, Tuple.tuple());
        for (var job : RandomLetter.JOBS) {
            run(JOB, Tuple.of(UUID.fromString(job)));
        }
        for (var letter : letters) {
            store(letter);
        }
    }

    private void store(RandomLetter letter) throws Exception {
        var value = letter.value();
        run(
                LETTER,
                Tuple.tuple()
                        .addLong(letter.id())
                        .addLong(letter.offset())
                        .addOffsetDateTime(letter.failedAt().atOffset(ZoneOffset.UTC))
                        .addLong(letter.group())
                        .addInteger(letter.partition())
                        .addString(letter.storage().word())
                        .addString(letter.payload())
                        .addString(letter.convention())
                        .addBuffer(HASH)
                        .addLong(value == null ? null : (long) value.length())
                        .addBuffer(letter.key())
                        .addBuffer(letter.storage() == Storage.INLINE ? value : null)
                        .addBuffer(HeaderCodec.encode(letter.headers(), null))
                        .addBuffer(letter.hasTrace() ? HASH : null)
                        .addString(letter.originTopic())
                        .addString(letter.originGroup())
                        .addString(letter.exceptionClass())
                        .addString(letter.causeClass())
                        .addString(letter.message())
                        .addInteger(letter.attempts())
                        .addString(letter.topic()));
        run(
                STATE,
                Tuple.tuple()
                        .addLong(letter.id())
                        .addString(letter.status().word())
                        .addInteger(letter.returns())
                        .addLong(letter.parent())
                        .addString(letter.assignee())
                        .addArrayOfString(letter.tags().toArray(String[]::new))
                        .addInteger(letter.notes()));
        beside(letter);
    }

    private void beside(RandomLetter letter) throws Exception {
        if (letter.draft()) {
            run(DRAFT, Tuple.of(letter.id(), HeaderCodec.encode(List.of(), null), HASH));
        }
        if (letter.job() != null) {
            run(ITEM, Tuple.of(UUID.fromString(letter.job()), letter.id()));
        }
        if (letter.outcome() != null) {
            run(REPLAY, Tuple.of(letter.id(), HASH, letter.outcome()));
        }
    }

    private void run(String sql, Tuple values) throws Exception {
        pool.preparedQuery(sql).execute(values).await(20, TimeUnit.SECONDS);
    }
}
