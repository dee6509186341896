package dev.redrive.grouping;

import dev.redrive.grouping.GroupPatch.Decision;
import dev.redrive.job.Note;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of what people decide about a failure group. */
final class GroupTriageStore {

    /** @param version 0 while nothing was decided; @param mergedInto null for a group of its own */
    record Locked(long id, int version, @Nullable Long mergedInto) {}

    /** The group's own row is locked, because its state need not be there yet. */
    private static final String LOCK = "SELECT id FROM failure_group WHERE id = $1 FOR NO KEY UPDATE";

    /** Against whoever stores letters of the group too, who holds the row as well, see {@link FailureGroupStore}. */
    private static final String LOCK_ALONE = "SELECT id FROM failure_group WHERE id = $1 FOR UPDATE";

    private static final String STATE = """
            SELECT coalesce(max(version), 0) AS version, max(merged_into) AS merged_into FROM failure_group_state
            WHERE failure_group_id = $1""";

    private static final String TOUCH = """
            INSERT INTO failure_group_state AS s (failure_group_id) VALUES ($1)
            ON CONFLICT (failure_group_id) DO UPDATE SET version = s.version + 1""";

    /** To reopen takes back the latest decision: a group that had regressed before it is that again. */
    private static final String DECIDE = """
            UPDATE failure_group_state SET
              triage = CASE WHEN $2 = 'none' AND triage IN ('resolved', 'snoozed') AND regressed_at IS NOT NULL
                THEN 'regressed' ELSE $2 END,
              regressed_at = CASE WHEN $2 = 'none' AND triage = 'regressed' THEN NULL ELSE regressed_at END,
              snoozed_until = $3, snoozed_letters = $4, snoozed_rate = $5,
              decided_by = $6, decided_at = now()
            WHERE failure_group_id = $1""";

    /** A column whose flag is not set stays as it is. */
    private static final String SET = """
            UPDATE failure_group_state SET
              assignee = CASE WHEN $2 THEN $3 ELSE assignee END, tags = CASE WHEN $4 THEN $5::text[] ELSE tags END,
              label = CASE WHEN $6 THEN $7 ELSE label END, ticket_url = CASE WHEN $8 THEN $9 ELSE ticket_url END,
              runbook_url = CASE WHEN $10 THEN $11 ELSE runbook_url END
            WHERE failure_group_id = $1""";

    private static final String NOTES = """
            SELECT * FROM (
              SELECT id, author, text, created_at FROM failure_group_note WHERE failure_group_id = $1 ORDER BY id DESC LIMIT 500)
              AS newest ORDER BY id""";

    private static final String ADD_NOTE = """
            WITH written AS (
              INSERT INTO failure_group_note (failure_group_id, author, text) VALUES ($1, $2, $3) RETURNING 1)
            UPDATE failure_group_state SET notes = notes + 1 WHERE failure_group_id = $1""";

    private static final String REMOVE_NOTE = """
            WITH removed AS (
              DELETE FROM failure_group_note WHERE id = $2 AND failure_group_id = $1 AND author = $3 RETURNING 1)
            UPDATE failure_group_state SET notes = notes - 1, version = version + 1
            WHERE failure_group_id = $1 AND EXISTS (SELECT FROM removed)""";

    private static final String TELL = """
            SELECT pg_notify('redrive_changed',
              json_build_object('what', 'failure-groups', 'ids', json_build_array($1::bigint::text))::text)""";

    private final Pool pool;

    GroupTriageStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /**
     * Nobody else decides about the group before the transaction ends.
     *
     * @param alone whether nobody stores letters of it either, so that each of them comes before the decision or after it
     */
    Future<Optional<Locked>> lock(SqlConnection connection, long id, boolean alone) {
        return connection
                .preparedQuery(alone ? LOCK_ALONE : LOCK)
                .execute(Tuple.of(id))
                .compose(found -> found.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : connection
                                .preparedQuery(STATE)
                                .execute(Tuple.of(id))
                                .map(rows -> rows.iterator().next())
                                .map(row -> Optional.of(
                                        new Locked(id, row.getInteger("version"), row.getLong("merged_into")))));
    }

    Future<Void> apply(SqlConnection connection, long id, GroupPatch patch, String actor) {
        return connection
                .preparedQuery(TOUCH)
                .execute(Tuple.of(id))
                .compose(touched -> patch.decision() == null
                        ? Future.succeededFuture()
                        : decide(connection, id, patch.decision(), actor))
                .compose(decided -> connection
                        .preparedQuery(SET)
                        .execute(Tuple.of(id)
                                .addBoolean(patch.has("assignee"))
                                .addString(patch.assignee())
                                .addBoolean(patch.has("tags"))
                                .addArrayOfString(patch.tags().toArray(String[]::new))
                                .addBoolean(patch.has("label"))
                                .addString(patch.label())
                                .addBoolean(patch.has("ticketUrl"))
                                .addString(patch.ticketUrl())
                                .addBoolean(patch.has("runbookUrl"))
                                .addString(patch.runbookUrl())))
                .compose(set -> tell(connection, id));
    }

    private static Future<Void> decide(SqlConnection connection, long id, Decision decision, String actor) {
        var snooze = decision.snooze();
        return connection
                .preparedQuery(DECIDE)
                .execute(Tuple.of(id)
                        .addString(decision.triage())
                        .addOffsetDateTime(snooze == null ? null : snooze.until())
                        .addLong(snooze == null ? null : snooze.letters())
                        .addInteger(snooze == null ? null : snooze.rate())
                        .addString(actor))
                .mapEmpty();
    }

    Future<List<Note>> notes(long id) {
        return pool.preparedQuery(NOTES)
                .mapping(Note::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().toList());
    }

    Future<Void> addNote(SqlConnection connection, long id, String author, String text) {
        return connection
                .preparedQuery(TOUCH)
                .execute(Tuple.of(id))
                .compose(touched -> connection.preparedQuery(ADD_NOTE).execute(Tuple.of(id, author, text)))
                .compose(added -> tell(connection, id));
    }

    /** @return whether there was such a note of this author */
    Future<Boolean> removeNote(SqlConnection connection, long id, long note, String author) {
        return connection
                .preparedQuery(REMOVE_NOTE)
                .execute(Tuple.of(id, note, author))
                .compose(removed -> tell(connection, id).map(removed.rowCount() == 1));
    }

    private static Future<Void> tell(SqlConnection connection, long id) {
        return connection.preparedQuery(TELL).execute(Tuple.of(id)).mapEmpty();
    }
}
