package dev.redrive.job;

import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes of many letters in one statement. Each returns the new version of the letters that it changed; the version
 * grows and the time of the change is set, so that no frozen selection holds a letter that is another one by now.
 */
final class LetterWorkStore {

    /** @param before what the letter was, for the undo */
    record Changed(int version, JsonObject before) {}

    private static final String TOUCH = "version = s.version + 1, changed_at = now()";

    private static final String STATUS = """
            UPDATE letter_state s SET status = $3, %s WHERE s.letter_id = ANY ($1) AND (s.status = $2) IS TRUE
            RETURNING s.letter_id, s.version, jsonb_build_object('status', $2::text) AS before""".formatted(TOUCH);

    private static final String ASSIGN = """
            UPDATE letter_state s SET assignee = $2, %s
            FROM letter_state o
            WHERE o.letter_id = s.letter_id AND s.letter_id = ANY ($1) AND s.assignee IS DISTINCT FROM $2
            RETURNING s.letter_id, s.version, jsonb_build_object('assignee', o.assignee) AS before""".formatted(TOUCH);

    private static final String TAG = """
            UPDATE letter_state s SET tags = wanted.tags, %s
            FROM (
              SELECT o.letter_id, o.tags AS old, ARRAY (
                SELECT DISTINCT tag FROM unnest(o.tags || $2::text[]) AS tag WHERE tag <> ALL ($3::text[]) ORDER BY tag) AS tags
              FROM letter_state o WHERE o.letter_id = ANY ($1)) AS wanted
            WHERE wanted.letter_id = s.letter_id AND wanted.tags <> s.tags AND cardinality(wanted.tags) <= 20
            RETURNING s.letter_id, s.version, jsonb_build_object('tags', wanted.old) AS before""".formatted(TOUCH);

    private static final String NOTE = """
            WITH written AS (
              INSERT INTO letter_note (letter_id, author, text, job_id)
              SELECT letter_id, $2, $3, $4 FROM unnest($1::bigint[]) AS letter (letter_id) RETURNING letter_id)
            UPDATE letter_state s SET notes = s.notes + 1, %s FROM written WHERE written.letter_id = s.letter_id
            RETURNING s.letter_id, s.version, '{}'::jsonb AS before""".formatted(TOUCH);

    private static final String UNNOTE = """
            WITH removed AS (
              DELETE FROM letter_note WHERE letter_id = ANY ($1) AND job_id = $2 RETURNING letter_id, author, text)
            UPDATE letter_state s SET notes = s.notes - 1, %s FROM removed WHERE removed.letter_id = s.letter_id
            RETURNING s.letter_id, s.version, jsonb_build_object('author', author, 'text', text) AS before""".formatted(TOUCH);

    /** What an undo removed. */
    private static final String NOTE_AGAIN = """
            WITH written AS (
              INSERT INTO letter_note (letter_id, author, text, job_id)
              SELECT letter_id, before->>'author', before->>'text', $3 FROM job_item
              WHERE job_id = $2 AND letter_id = ANY ($1) AND before ? 'text' RETURNING letter_id)
            UPDATE letter_state s SET notes = s.notes + 1, %s FROM written WHERE written.letter_id = s.letter_id
            RETURNING s.letter_id, s.version, '{}'::jsonb AS before""".formatted(TOUCH);

    /** What the job wrote down is put back, column by column; what it did not touch is not in it. */
    private static final String PUT_BACK = """
            UPDATE letter_state s SET
              status = coalesce(i.before->>'status', s.status),
              assignee = CASE WHEN i.before ? 'assignee' THEN i.before->>'assignee' ELSE s.assignee END,
              tags = CASE WHEN i.before ? 'tags'
                THEN ARRAY (SELECT jsonb_array_elements_text(i.before->'tags')) ELSE s.tags END, %s
            FROM job_item i JOIN letter_state o ON o.letter_id = i.letter_id
            WHERE i.job_id = $2 AND i.letter_id = s.letter_id AND s.letter_id = ANY ($1)
            RETURNING s.letter_id, s.version, (
              SELECT jsonb_object_agg(name, to_jsonb(o) -> name) FROM jsonb_object_keys(i.before) AS name) AS before""".formatted(TOUCH);

    private LetterWorkStore() {}

    static Future<Map<Long, Changed>> status(SqlConnection connection, List<Long> ids, Status from, Status to) {
        return run(connection, STATUS, letters(ids).addString(from.word()).addString(to.word()));
    }

    /** @param assignee null for nobody */
    static Future<Map<Long, Changed>> assign(SqlClient client, List<Long> ids, @Nullable String assignee) {
        return run(client, ASSIGN, letters(ids).addString(assignee));
    }

    static Future<Map<Long, Changed>> tag(SqlClient client, List<Long> ids, List<String> add, List<String> remove) {
        return run(
                client,
                TAG,
                letters(ids)
                        .addArrayOfString(add.toArray(String[]::new))
                        .addArrayOfString(remove.toArray(String[]::new)));
    }

    /** @param job null for a note that somebody wrote to one letter */
    static Future<Map<Long, Changed>> note(
            SqlClient client, List<Long> ids, String author, String text, @Nullable UUID job) {
        return run(client, NOTE, letters(ids).addString(author).addString(text).addUUID(job));
    }

    /** A job either wrote notes or, as an undo, removed them. @param undone whose doing is put back by {@code job} */
    static Future<Map<Long, Changed>> changeNotesBack(SqlConnection connection, List<Long> ids, UUID undone, UUID job) {
        return run(connection, UNNOTE, letters(ids).addUUID(undone))
                .compose(removed -> removed.isEmpty()
                        ? run(
                                connection,
                                NOTE_AGAIN,
                                letters(ids).addUUID(undone).addUUID(job))
                        : Future.succeededFuture(removed));
    }

    static Future<Map<Long, Changed>> putBack(SqlConnection connection, List<Long> ids, UUID job) {
        return run(connection, PUT_BACK, letters(ids).addUUID(job));
    }

    private static Tuple letters(List<Long> ids) {
        return Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new));
    }

    private static Future<Map<Long, Changed>> run(SqlClient client, String sql, Tuple parameters) {
        return client.preparedQuery(sql).execute(parameters).map(LetterWorkStore::changed);
    }

    private static Map<Long, Changed> changed(RowSet<Row> rows) {
        var changed = new TreeMap<Long, Changed>();
        rows.forEach(row -> changed.put(
                row.getLong("letter_id"), new Changed(row.getInteger("version"), row.getJsonObject("before"))));
        return changed;
    }
}
