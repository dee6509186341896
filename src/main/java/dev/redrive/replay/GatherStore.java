package dev.redrive.replay;

import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The SQL that turns the letters of a job into held replays. All of it belongs to the transaction of one batch. */
final class GatherStore {

    /** Longer keys are read one by one: what is held in memory has to stay small. */
    private static final int LONGEST_KEY = 4_096;

    private static final String FIND = """
            SELECT d.id, s.status, s.returns, d.replayable, t.cluster_id, c.kafka_id, c.name AS cluster,
              d.origin_topic, d.origin_partition, d.origin_offset, coalesce(d.origin_offset, d.kafka_offset) AS order_offset,
              d.origin_group, d.convention, d.content_hash, d.storage = 'pointer' AND d.unwrapped IS NULL AS not_stored,
              CASE WHEN octet_length(d.key) <= %1$d THEN d.key END AS key,
              coalesce(d.value_size, 0) + coalesce(octet_length(d.headers), 0) AS size,
              d.unwrapped IS NOT NULL OR coalesce(octet_length(d.key) > %1$d, false) AS look_inside,
              f.id AS draft_id, f.content_hash AS draft_hash, f.target_topic, f.partitioning, f.target_partition,
              f.timestamp_policy,
              CASE WHEN octet_length(f.key) <= %1$d THEN f.key END AS draft_key,
              coalesce(octet_length(f.key) > %1$d, false) AS look_inside_draft
            FROM dead_letter d JOIN letter_state s ON s.letter_id = d.id
              JOIN dead_letter_topic t ON t.id = d.topic_ref JOIN cluster c ON c.id = t.cluster_id
              LEFT JOIN draft f ON f.letter_id = d.id AND f.current
            WHERE d.id = ANY ($1)""".formatted(LONGEST_KEY);

    private static final String IS_READ = """
            SELECT EXISTS (SELECT FROM dead_letter_topic WHERE cluster_id = $1 AND name = $2) AS is_read""";

    static final String BEGIN = """
            UPDATE letter_state SET status = 'replaying', version = version + 1, changed_at = now()
            WHERE letter_id = ANY ($1) AND (status = 'open') IS TRUE
            RETURNING letter_id, version""";

    /** The mode is that of the lane so far; the claim says which one it was in the end. */
    private static final String INSERT = """
            INSERT INTO replay (id, job_id, state, letter_id, source, draft_id, content_hash, cluster_id, target_topic,
              target_topic_id, partitioning, target_partition, timestamp_policy, overrides, lane, consumer_group,
              order_offset, order_key, requested_by, reason, mode)
            SELECT n.id, $1, 'held', n.letter_id, n.source,
              n.draft_id, n.content_hash, n.cluster_id, n.topic, n.topic_id, n.partitioning, n.partition,
              n.timestamp_policy, $2, n.lane, n.consumer_group, n.order_offset, n.order_key, $3, $4,
              coalesce(l.mode, 'strict')
            FROM unnest($5::uuid[], $6::bigint[], $7::bigint[], $8::bytea[], $9::smallint[], $10::text[], $11::uuid[],
              $12::text[], $13::integer[], $14::text[], $15::integer[], $16::text[], $17::bigint[], $18::bigint[],
              $19::text[])
              AS n (id, letter_id, draft_id, content_hash, cluster_id, topic, topic_id, partitioning, partition,
                timestamp_policy, lane, consumer_group, order_offset, order_key,
                source)
              LEFT JOIN replay_lane l ON l.cluster_id = n.cluster_id AND l.lane = n.lane""";

    private GatherStore() {}

    /**
     * A letter that a job means.
     *
     * @param key null for none, and where it has to be looked for inside
     * @param lookInside whether key and hash of what is sent are only known from the bytes
     * @param size of value and headers in bytes, roughly
     * @param draft its current edit, null for none
     */
    record Meant(
            long id,
            Status status,
            int returns,
            boolean replayable,
            short clusterId,
            String kafkaId,
            String cluster,
            @Nullable String originTopic,
            @Nullable Integer originPartition,
            @Nullable Long originOffset,
            long orderOffset,
            @Nullable String consumerGroup,
            String convention,
            Buffer contentHash,
            @Nullable Buffer key,
            boolean lookInside,
            long size,
            @Nullable Edit draft) {

        static Meant from(Row row) {
            return new Meant(
                    row.getLong("id"),
                    Status.of(row.getString("status")),
                    row.getInteger("returns"),
                    row.getBoolean("replayable") && !row.getBoolean("not_stored"),
                    row.getShort("cluster_id"),
                    row.getString("kafka_id"),
                    row.getString("cluster"),
                    row.getString("origin_topic"),
                    row.getInteger("origin_partition"),
                    row.getLong("origin_offset"),
                    row.getLong("order_offset"),
                    row.getString("origin_group"),
                    row.getString("convention"),
                    row.getBuffer("content_hash"),
                    row.getBuffer("key"),
                    row.getBoolean("look_inside"),
                    row.getLong("size"),
                    row.getLong("draft_id") == null ? null : Edit.from(row));
        }
    }

    /** The parts of a draft that are needed before it is sent. */
    record Edit(long id, Buffer hash, @Nullable Buffer key, boolean lookInside, Target target) {

        static Edit from(Row row) {
            return new Edit(
                    row.getLong("draft_id"),
                    row.getBuffer("draft_hash"),
                    row.getBuffer("draft_key"),
                    row.getBoolean("look_inside_draft"),
                    new Target(
                            row.getString("target_topic"),
                            Partitioning.of(row.getString("partitioning")),
                            row.getInteger("target_partition"),
                            row.getString("timestamp_policy").equals("original")));
        }
    }

    /** A replay to be held. @param orderKey null where the job is not strict, and without a key */
    record Held(
            UUID id,
            Meant letter,
            Source source,
            @Nullable Long draftId,
            Buffer hash,
            TargetTopics.Topic topic,
            Target target,
            int lane,
            @Nullable Long orderKey) {

        /** The group that tells what became of it; null where nobody knows: one of its own reads a retry topic. */
        @Nullable
        String watched() {
            return RetryTopics.isOne(topic.name()) ? null : letter.consumerGroup();
        }
    }

    /** @return in no order */
    static Future<List<Meant>> find(SqlConnection connection, List<Long> ids) {
        return connection
                .preparedQuery(FIND)
                .mapping(Meant::from)
                .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)))
                .map(rows -> rows.stream().toList());
    }

    /** Whether Redrive reads the topic, or ever did: what is sent there comes back as dead letters. */
    static Future<Boolean> isRead(SqlConnection connection, short clusterId, String topic) {
        return connection
                .preparedQuery(IS_READ)
                .execute(Tuple.of(clusterId, topic))
                .map(rows -> rows.iterator().next().getBoolean("is_read"));
    }

    /** @return the versions that the letters have from now on */
    static Future<Map<Long, Integer>> hold(
            SqlConnection connection, UUID job, ReplayOptions options, String actor, String reason, List<Held> held) {
        if (held.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.tuple()
                        .addArrayOfLong(column(held, each -> each.letter().id(), Long[]::new)))
                .compose(begun -> connection
                        .preparedQuery(INSERT)
                        .execute(columns(job, options, actor, reason, held))
                        .compose(inserted -> ReplayJobStore.aim(connection, job, held))
                        .map(inserted -> {
                            var versions = new HashMap<Long, Integer>();
                            begun.forEach(row -> versions.put(row.getLong("letter_id"), row.getInteger("version")));
                            return Map.copyOf(versions);
                        }));
    }

    private static Tuple columns(UUID job, ReplayOptions options, String actor, String reason, List<Held> held) {
        return Tuple.of(job)
                .addArrayOfString(options.overrides().toArray(String[]::new))
                .addString(actor)
                .addString(reason)
                .addValue(column(held, Held::id, UUID[]::new))
                .addValue(column(held, each -> each.letter().id(), Long[]::new))
                .addValue(column(held, Held::draftId, Long[]::new))
                .addValue(column(held, Held::hash, Buffer[]::new))
                .addValue(column(held, each -> each.letter().clusterId(), Short[]::new))
                .addValue(column(held, each -> each.topic().name(), String[]::new))
                .addValue(column(held, each -> each.topic().id(), UUID[]::new))
                .addValue(column(held, each -> each.target().partitioning().word(), String[]::new))
                .addValue(column(held, GatherStore::partition, Integer[]::new))
                .addValue(column(held, each -> each.target().timestampPolicy(), String[]::new))
                .addValue(column(held, Held::lane, Integer[]::new))
                .addValue(column(held, Held::watched, String[]::new))
                .addValue(column(held, each -> each.letter().orderOffset(), Long[]::new))
                .addValue(column(held, Held::orderKey, Long[]::new))
                .addValue(column(held, each -> each.source().word(), String[]::new));
    }

    /** Asked for; null where the key decides. */
    static @Nullable Integer partition(Held held) {
        return switch (held.target().partitioning()) {
            case KEY -> null;
            case ORIGINAL -> held.letter().originPartition();
            case FIXED -> held.target().partition();
        };
    }

    private static <T> T[] column(List<Held> held, Function<Held, @Nullable T> value, IntFunction<T[]> array) {
        return held.stream().map(value).toArray(array);
    }
}
