package dev.redrive.ingest;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.redrive.ingest.NewLetter.Place;
import dev.redrive.letter.StackTraceText;
import dev.redrive.letter.Storage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes letters. Repeatable: a letter that is there already is left alone and counted nowhere. Rows are written in
 * the same order by everybody, so that two owners of a partition wait for each other instead of deadlocking.
 */
final class LetterInsertStore {

    /** The transaction has its number before it looks what is there: retention.TraceStore waits for it by that. */
    private static final String TRACES = """
            INSERT INTO stack_trace (hash, frames)
            SELECT hash, frames FROM unnest($1::bytea[], $2::bytea[]) AS met (hash, frames)
            WHERE pg_current_xact_id() IS NOT NULL ORDER BY hash
            ON CONFLICT (hash) DO NOTHING""";

    private static final String IN_ORDER_OF_PLACE = "ORDER BY topic_ref, kafka_partition, kafka_offset";

    /**
     * Counters and buckets move in the statement that inserts, by what it really inserted; so does a failure group that
     * was resolved, or snoozed until more come. A letter belongs to the group of its fingerprint, unless a split gave
     * it another one, and is placed where that was merged into; who merges and splits holds the group meanwhile. Buckets
     * read from counters, so that everybody locks the counter of a group before its buckets.
     */
    private static final String LETTERS = """
            WITH stored AS (
              INSERT INTO dead_letter (topic_ref, kafka_partition, kafka_offset, leader_epoch, kafka_timestamp,
                timestamp_type, failed_at, failure_group_id, storage, key, value, value_size, headers, trace_hash,
                trace_messages, unwrapped, content_hash, payload, replayable, convention, origin_topic,
                origin_partition, origin_offset, origin_timestamp, origin_group, origin_inferred_from,
                exception_class, cause_class, message, attempts, latest, details, replay_drops, replay_id)
              SELECT topic_ref, kafka_partition, kafka_offset, leader_epoch, kafka_timestamp,
                timestamp_type, least(failed_at, now()), failure_group_id, storage, key, value, value_size, headers,
                trace_hash, trace_messages, unwrapped, content_hash, payload, replayable, convention, origin_topic,
                origin_partition, origin_offset, origin_timestamp, origin_group, origin_inferred_from,
                exception_class, cause_class, message, attempts, latest::jsonb, details::jsonb, replay_drops::text[],
                replay_id
              FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::integer[], $5::bigint[],
                $6::smallint[], $7::timestamptz[], $8::bigint[], $9::text[], $10::bytea[], $11::bytea[], $12::bigint[],
                $13::bytea[], $14::bytea[], $15::bytea[], $16::bytea[], $17::bytea[], $18::text[], $19::boolean[],
                $20::text[], $21::text[], $22::integer[], $23::bigint[], $24::bigint[], $25::text[], $26::text[],
                $27::text[], $28::text[], $29::text[], $30::integer[], $31::text[], $32::text[], $33::text[],
                $34::uuid[])
                AS met (topic_ref, kafka_partition, kafka_offset, leader_epoch, kafka_timestamp,
                timestamp_type, failed_at, failure_group_id, storage, key, value, value_size, headers, trace_hash,
                trace_messages, unwrapped, content_hash, payload, replayable, convention, origin_topic,
                origin_partition, origin_offset, origin_timestamp, origin_group, origin_inferred_from,
                exception_class, cause_class, message, attempts, latest, details, replay_drops, replay_id)
              ORDER BY topic_ref, kafka_partition, kafka_offset
              ON CONFLICT ON CONSTRAINT letter_is_stored_once DO NOTHING
              RETURNING id, topic_ref, kafka_partition, kafka_offset, leader_epoch, failure_group_id, failed_at,
                origin_topic, origin_group, convention, exception_class, cause_class, message),
            homed AS (
              SELECT id, topic_ref, kafka_partition, kafka_offset, leader_epoch, failed_at,
                coalesce(
                  CASE WHEN EXISTS (SELECT FROM split_rule r WHERE r.group_id = stored.failure_group_id)
                    THEN split_target(failure_group_id, topic_ref, origin_topic, origin_group, convention,
                      exception_class, cause_class, message) END,
                  failure_group_id) AS home
              FROM stored),
            placed AS (
              SELECT id, topic_ref, kafka_partition, kafka_offset, leader_epoch, failed_at,
                coalesce(m.merged_into, home) AS failure_group_id, nullif(home, coalesce(m.merged_into, home)) AS away
              FROM homed LEFT JOIN failure_group_state m
                ON m.failure_group_id = home AND m.merged_into IS NOT NULL),
            states AS (
              INSERT INTO letter_state (letter_id, failure_group_id, home_group_id, topic_ref, kind_ref, failed_at,
                failed_hour) SELECT id, failure_group_id, away, topic_ref, kind_ref, failed_at,
                floor(extract(epoch FROM failed_at) / 3600)::integer
              FROM placed JOIN unnest($1::integer[], $2::integer[], $3::bigint[], $4::integer[], $35::integer[])
                AS met (topic_ref, kafka_partition, kafka_offset, leader_epoch, kind_ref)
                USING (topic_ref, kafka_partition, kafka_offset, leader_epoch)),
            counters AS (
              INSERT INTO failure_group_counter AS c (failure_group_id, letters, open, first_seen_at, last_seen_at)
              SELECT failure_group_id, count(*), count(*), min(failed_at), max(failed_at)
              FROM placed GROUP BY 1 ORDER BY 1
              ON CONFLICT (failure_group_id) DO UPDATE SET
                letters = c.letters + excluded.letters, open = c.open + excluded.open,
                first_seen_at = least(c.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(c.last_seen_at, excluded.last_seen_at)
              RETURNING c.failure_group_id),
            buckets AS (
              INSERT INTO failure_group_bucket AS b (failure_group_id, hour, letters)
              SELECT failure_group_id, date_trunc('hour', failed_at, 'UTC'), count(*)
              FROM placed JOIN counters USING (failure_group_id) GROUP BY 1, 2 ORDER BY 1, 2
              ON CONFLICT (failure_group_id, hour) DO UPDATE SET letters = b.letters + excluded.letters),
            woken AS (
              UPDATE failure_group_state m SET version = m.version + 1,
                triage = CASE WHEN m.triage = 'resolved' THEN 'regressed'
                  WHEN m.snoozed_letters <= arrived.letters THEN 'none' ELSE m.triage END,
                regressed_at = CASE WHEN m.triage = 'resolved' THEN now() ELSE m.regressed_at END,
                snoozed_letters = greatest(0, m.snoozed_letters - arrived.letters)
              FROM (SELECT failure_group_id, count(*) AS letters FROM placed GROUP BY 1) AS arrived
              WHERE $36::boolean AND m.failure_group_id = arrived.failure_group_id
                AND (m.triage = 'resolved' OR m.triage = 'snoozed' AND m.snoozed_letters IS NOT NULL))
            SELECT id, topic_ref, kafka_partition, kafka_offset, leader_epoch FROM stored""";

    private static final String CHUNKS = """
            INSERT INTO letter_chunk (letter_id, no, bytes)
            SELECT $1, no, bytes FROM unnest($2::integer[], $3::bytea[]) AS piece (no, bytes)""";

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int CHUNKS_A_STATEMENT = 16;

    private final String letterSql;
    private final boolean wakes;
    private final LetterKindStore kindStore = new LetterKindStore();

    LetterInsertStore() {
        this(LETTERS, true);
    }

    /** @param wakes whether the letters are new and so bring back what was resolved or snoozed until more come */
    private LetterInsertStore(String letterSql, boolean wakes) {
        this.letterSql = letterSql;
        this.wakes = wakes;
    }

    /**
     * For letters that failed elsewhere and long ago: gives ids in their order, as the function scan hands them on, and
     * wakes no group. Two that store the same letters in another order may deadlock, then one of them has to try again.
     */
    static LetterInsertStore ofImported() {
        return new LetterInsertStore(LETTERS.replace(IN_ORDER_OF_PLACE, ""), false);
    }

    /**
     * @param groups ids of the letters' groups by their fingerprint; all of them exist
     * @return the places of the letters that were not there before
     */
    Future<Set<Place>> insert(SqlConnection connection, List<NewLetter> letters, Map<Buffer, Long> groups) {
        return traces(connection, letters)
                .compose(traced -> kindStore.ids(connection, letters))
                .compose(kinds -> connection
                        .preparedQuery(letterSql)
                        .execute(columns(letters, groups)
                                .addValue(kinds.toArray(Integer[]::new))
                                .addBoolean(wakes)))
                .compose(stored -> {
                    var ids = new HashMap<String, Long>();
                    for (var row : stored) {
                        ids.put(identity(row), row.getLong("id"));
                    }
                    var places = letters.stream()
                            .map(NewLetter::place)
                            .filter(place -> ids.containsKey(identity(place)))
                            .collect(toUnmodifiableSet());
                    return chunks(connection, letters, ids).map(places);
                });
    }

    private static Future<Void> traces(SqlConnection connection, List<NewLetter> letters) {
        var frames = new HashMap<Buffer, Buffer>();
        for (var letter : letters) {
            var trace = letter.bytes().trace();
            if (trace != null) {
                frames.put(trace.hash(), trace.frames());
            }
        }
        if (frames.isEmpty()) {
            return Future.succeededFuture();
        }
        // Not Tuple.of(a, b), which takes a second array for a list of values.
        var values = Tuple.tuple()
                .addValue(frames.keySet().toArray(Buffer[]::new))
                .addValue(frames.values().toArray(Buffer[]::new));
        return connection.preparedQuery(TRACES).execute(values).mapEmpty();
    }

    private static Tuple columns(List<NewLetter> letters, Map<Buffer, Long> groups) {
        var columns = Tuple.tuple();
        place(columns, letters);
        add(columns, letters, letter -> groups.get(letter.group().fingerprint().hash()), Long[]::new);
        bytes(columns, letters);
        origin(columns, letters);
        failure(columns, letters);
        return columns;
    }

    private static void place(Tuple columns, List<NewLetter> letters) {
        add(columns, letters, letter -> letter.place().topicRef(), Integer[]::new);
        add(columns, letters, letter -> letter.place().partition(), Integer[]::new);
        add(columns, letters, letter -> letter.place().offset(), Long[]::new);
        add(columns, letters, letter -> letter.place().leaderEpoch(), Integer[]::new);
        add(columns, letters, letter -> letter.place().timestamp(), Long[]::new);
        add(columns, letters, letter -> letter.place().timestampType(), Short[]::new);
        add(columns, letters, letter -> letter.place().failedAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new);
    }

    private static void bytes(Tuple columns, List<NewLetter> letters) {
        add(columns, letters, letter -> letter.bytes().storage().word(), String[]::new);
        add(columns, letters, letter -> letter.bytes().key(), Buffer[]::new);
        add(columns, letters, LetterInsertStore::inlineValue, Buffer[]::new);
        add(columns, letters, letter -> letter.bytes().valueSize(), Long[]::new);
        add(columns, letters, letter -> letter.bytes().headers(), Buffer[]::new);
        add(columns, letters, letter -> trace(letter, StackTraceText::hash), Buffer[]::new);
        add(columns, letters, letter -> trace(letter, StackTraceText::messages), Buffer[]::new);
        add(columns, letters, letter -> letter.bytes().unwrapped(), Buffer[]::new);
        add(columns, letters, letter -> letter.bytes().hash(), Buffer[]::new);
    }

    private static void origin(Tuple columns, List<NewLetter> letters) {
        add(columns, letters, letter -> letter.derived().payload(), String[]::new);
        add(columns, letters, letter -> letter.derived().replayable(), Boolean[]::new);
        add(columns, letters, letter -> letter.derived().convention(), String[]::new);
        add(columns, letters, letter -> letter.derived().originTopic(), String[]::new);
        add(columns, letters, letter -> letter.derived().originPartition(), Integer[]::new);
        add(columns, letters, letter -> letter.derived().originOffset(), Long[]::new);
        add(columns, letters, letter -> letter.derived().originTimestamp(), Long[]::new);
        add(columns, letters, letter -> letter.derived().originGroup(), String[]::new);
        add(columns, letters, letter -> letter.derived().originInferredFrom(), String[]::new);
    }

    private static void failure(Tuple columns, List<NewLetter> letters) {
        add(columns, letters, letter -> letter.derived().exceptionClass(), String[]::new);
        add(columns, letters, letter -> letter.derived().causeClass(), String[]::new);
        add(columns, letters, letter -> letter.derived().message(), String[]::new);
        add(columns, letters, letter -> letter.derived().attempts(), Integer[]::new);
        add(columns, letters, letter -> letter.derived().latest(), String[]::new);
        add(columns, letters, letter -> letter.derived().details(), String[]::new);
        add(columns, letters, letter -> letter.derived().replayDrops(), String[]::new);
        add(columns, letters, letter -> letter.derived().replayId(), UUID[]::new);
    }

    private static <T> void add(
            Tuple columns, List<NewLetter> letters, Function<NewLetter, @Nullable T> value, IntFunction<T[]> array) {
        columns.addValue(letters.stream().map(value).toArray(array));
    }

    private static @Nullable Buffer inlineValue(NewLetter letter) {
        return letter.bytes().storage() == Storage.INLINE ? letter.bytes().value() : null;
    }

    private static @Nullable Buffer trace(NewLetter letter, Function<StackTraceText, @Nullable Buffer> part) {
        var trace = letter.bytes().trace();
        return trace == null ? null : part.apply(trace);
    }

    private static Future<Void> chunks(SqlConnection connection, List<NewLetter> letters, Map<String, Long> ids) {
        Future<Void> written = Future.succeededFuture();
        for (var letter : letters) {
            var id = ids.get(identity(letter.place()));
            var value = letter.bytes().value();
            if (letter.bytes().storage() == Storage.CHUNKED && id != null && value != null) {
                written = written.compose(before -> chunks(connection, id, value, 0));
            }
        }
        return written;
    }

    /** A few at a time, so that a value of 64 MiB is not copied whole into one message. */
    private static Future<Void> chunks(SqlConnection connection, long id, Buffer value, int first) {
        var pieces = new TreeMap<Integer, Buffer>();
        int from = first * CHUNK_BYTES;
        for (int no = first; no < first + CHUNKS_A_STATEMENT && from < value.length(); no++) {
            int to = Math.min(value.length(), from + CHUNK_BYTES);
            pieces.put(no, value.slice(from, to));
            from = to;
        }
        if (pieces.isEmpty()) {
            return Future.succeededFuture();
        }
        var values = Tuple.of(
                id, pieces.keySet().toArray(Integer[]::new), pieces.values().toArray(Buffer[]::new));
        return connection
                .preparedQuery(CHUNKS)
                .execute(values)
                .compose(written -> chunks(connection, id, value, first + CHUNKS_A_STATEMENT));
    }

    private static String identity(Row row) {
        return row.getInteger("topic_ref") + "/" + row.getInteger("kafka_partition") + "/" + row.getLong("kafka_offset")
                + "/" + row.getInteger("leader_epoch");
    }

    private static String identity(Place place) {
        return place.topicRef() + "/" + place.partition() + "/" + place.offset() + "/" + place.leaderEpoch();
    }
}
