package dev.redrive.grouping;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import dev.redrive.letter.StackTraceText;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a regroup reads of stored letters, and what it leaves with the groups it made. */
final class RegroupStore {

    /** A failure as it was stored, which is what a fingerprint is made of. */
    record Stored(long letterId, String topic, Reading reading, OffsetDateTime failedAt) {

        static Stored from(Row row) {
            @Nullable Buffer frames = row.getBuffer("frames");
            var trace = frames == null
                    ? null
                    : StackTraceText.join(frames, row.getBuffer("trace_messages"))
                            .toString(StandardCharsets.UTF_8);
            var failure = new Failure(
                    row.getString("exception_class"),
                    row.getString("cause_class"),
                    row.getString("message"),
                    trace,
                    row.getInteger("attempts"));
            var origin = new Origin(
                    row.getString("origin_topic"),
                    null,
                    null,
                    null,
                    row.getString("origin_group"),
                    row.getString("origin_inferred_from"));
            var reading = new Reading(
                    row.getString("convention"),
                    origin,
                    failure,
                    null,
                    Payload.PRESENT,
                    false,
                    List.of(),
                    null,
                    Map.of());
            return new Stored(row.getLong("id"), row.getString("topic"), reading, row.getOffsetDateTime("failed_at"));
        }
    }

    private static final String STORED = """
            SELECT d.id, d.failed_at, d.exception_class, d.cause_class, d.message, d.attempts, d.origin_topic,
              d.origin_group, d.origin_inferred_from, d.convention, d.trace_messages, x.frames, t.name AS topic
            FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref
            LEFT JOIN stack_trace x ON x.hash = d.trace_hash
            WHERE d.id = ANY ($1)""";

    /** As ingest does: the group of the fingerprint, unless a split gave the letter another one. */
    private static final String HOMES = """
            SELECT w.letter_id, coalesce(
              CASE WHEN EXISTS (SELECT FROM split_rule r WHERE r.group_id = w.failure_group_id)
                THEN split_target(w.failure_group_id, d.topic_ref, d.origin_topic, d.origin_group, d.convention,
                  d.exception_class, d.cause_class, d.message) END,
              w.failure_group_id) AS home
            FROM unnest($1::bigint[], $2::bigint[]) AS w (letter_id, failure_group_id)
            JOIN dead_letter d ON d.id = w.letter_id""";

    private static final String MADE = """
            UPDATE failure_group_move SET created = true WHERE job_id = $1 AND to_id = ANY ($2)""";

    /**
     * What people decided goes along, where the job made the group, everything in it came from one group, and nobody
     * decided anything about it yet. A letter that came in meanwhile is in no move, so the failure of a resolved group
     * that goes on is not hidden.
     */
    private static final String CARRY = """
            INSERT INTO failure_group_state AS t (failure_group_id, triage, snoozed_until, snoozed_letters, snoozed_rate,
              decided_by, decided_at, regressed_at, assignee, tags, label, ticket_url, runbook_url)
            SELECT made.to_id, s.triage, s.snoozed_until, s.snoozed_letters, s.snoozed_rate, s.decided_by, s.decided_at,
              s.regressed_at, s.assignee, s.tags, s.label, s.ticket_url, s.runbook_url
            FROM (
              SELECT to_id, min(from_id) AS from_id, sum(letters) AS letters FROM failure_group_move WHERE job_id = $1
              GROUP BY to_id HAVING count(*) = 1 AND bool_and(created)) AS made
            JOIN failure_group_counter c ON c.failure_group_id = made.to_id AND c.letters = made.letters
            JOIN failure_group_state s ON s.failure_group_id = made.from_id
            ORDER BY 1
            ON CONFLICT (failure_group_id) DO UPDATE SET triage = excluded.triage, snoozed_until = excluded.snoozed_until,
              snoozed_letters = excluded.snoozed_letters, snoozed_rate = excluded.snoozed_rate,
              decided_by = excluded.decided_by, decided_at = excluded.decided_at, regressed_at = excluded.regressed_at,
              assignee = excluded.assignee, tags = excluded.tags, label = excluded.label,
              ticket_url = excluded.ticket_url, runbook_url = excluded.runbook_url, version = t.version + 1
            WHERE t.triage = 'none' AND t.decided_by IS NULL AND t.assignee IS NULL AND t.label IS NULL
              AND t.tags = '{}' AND t.ticket_url IS NULL AND t.runbook_url IS NULL AND t.merged_into IS NULL""";

    /** The largest moves; nobody reads more of them. */
    private static final String MOVES = """
            SELECT m.from_id, m.to_id, m.letters, f.title AS from_title, t.title AS to_title
            FROM failure_group_move m JOIN failure_group f ON f.id = m.from_id JOIN failure_group t ON t.id = m.to_id
            WHERE m.job_id = $1 ORDER BY m.letters DESC, m.from_id, m.to_id LIMIT 500""";

    private RegroupStore() {}

    static Future<List<Stored>> read(SqlConnection connection, List<Long> letters) {
        return connection
                .preparedQuery(STORED)
                .mapping(Stored::from)
                .execute(Tuple.tuple().addArrayOfLong(letters.toArray(Long[]::new)))
                .map(rows -> rows.stream().toList());
    }

    /** @param groups of the letters' fingerprints, by letter */
    static Future<Map<Long, Long>> homes(SqlConnection connection, Map<Long, Long> groups) {
        var letters = List.copyOf(groups.keySet());
        return connection
                .preparedQuery(HOMES)
                .execute(Tuple.tuple()
                        .addArrayOfLong(letters.toArray(Long[]::new))
                        .addArrayOfLong(letters.stream().map(groups::get).toArray(Long[]::new)))
                .map(rows -> {
                    var homes = new HashMap<Long, Long>();
                    rows.forEach(row -> homes.put(row.getLong("letter_id"), row.getLong("home")));
                    return homes;
                });
    }

    static Future<Void> made(SqlConnection connection, UUID job, List<Long> groups) {
        return groups.isEmpty()
                ? Future.succeededFuture()
                : connection
                        .preparedQuery(MADE)
                        .execute(Tuple.of(job).addArrayOfLong(groups.toArray(Long[]::new)))
                        .mapEmpty();
    }

    static Future<Void> carry(SqlConnection connection, UUID job) {
        return connection.preparedQuery(CARRY).execute(Tuple.of(job)).mapEmpty();
    }

    static Future<List<Row>> moves(SqlConnection connection, UUID job) {
        return connection
                .preparedQuery(MOVES)
                .execute(Tuple.of(job))
                .map(rows -> rows.stream().toList());
    }
}
