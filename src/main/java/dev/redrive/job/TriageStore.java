package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people note about one letter. */
final class TriageStore {

    /** @param version of the letter, its ETag */
    record Noting(long id, int version, @Nullable String assignee, List<String> tags, int notes) {

        static Noting from(Row row) {
            return new Noting(
                    row.getLong("letter_id"),
                    row.getInteger("version"),
                    row.getString("assignee"),
                    List.of(row.getArrayOfStrings("tags")),
                    row.getInteger("notes"));
        }
    }

    private static final String FIND = """
            SELECT letter_id, version, assignee, tags, notes FROM letter_state WHERE letter_id = $1 %s""";

    private static final String SET = """
            UPDATE letter_state SET assignee = $2, tags = $3, version = version + 1, changed_at = now()
            WHERE letter_id = $1 RETURNING letter_id, version, assignee, tags, notes""";

    private static final String NOTES = """
            SELECT * FROM (
              SELECT id, author, text, created_at FROM letter_note WHERE letter_id = $1 ORDER BY id DESC LIMIT 500)
              AS newest ORDER BY id""";

    private static final String REMOVE = """
            WITH removed AS (DELETE FROM letter_note WHERE id = $2 AND letter_id = $1 AND author = $3 RETURNING letter_id)
            UPDATE letter_state s SET notes = s.notes - 1, version = s.version + 1, changed_at = now()
            FROM removed WHERE removed.letter_id = s.letter_id""";

    private static final String TELL = """
            SELECT pg_notify('redrive_changed',
              json_build_object('what', 'letters', 'ids', json_build_array($1::bigint::text))::text)""";

    private final Pool pool;

    TriageStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    Future<Optional<Noting>> lock(SqlConnection connection, long id) {
        return connection
                .preparedQuery(FIND.formatted("FOR UPDATE"))
                .mapping(Noting::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    Future<Optional<Noting>> find(long id) {
        return pool.preparedQuery(FIND.formatted(""))
                .mapping(Noting::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    Future<Noting> set(SqlConnection connection, long id, @Nullable String assignee, List<String> tags) {
        return connection
                .preparedQuery(SET)
                .mapping(Noting::from)
                .execute(Tuple.of(id, assignee).addArrayOfString(tags.toArray(String[]::new)))
                .compose(rows -> tell(connection, id).map(rows.iterator().next()));
    }

    static Future<Void> tell(SqlConnection connection, long id) {
        return connection.preparedQuery(TELL).execute(Tuple.of(id)).mapEmpty();
    }

    Future<List<Note>> notes(long letter) {
        return pool.preparedQuery(NOTES)
                .mapping(Note::from)
                .execute(Tuple.of(letter))
                .map(rows -> rows.stream().toList());
    }

    /** @return whether there was such a note of this author */
    Future<Boolean> remove(SqlConnection connection, long letter, long note, String author) {
        return connection
                .preparedQuery(REMOVE)
                .execute(Tuple.of(letter, note, author))
                .compose(rows -> tell(connection, letter).map(rows.rowCount() == 1));
    }
}
