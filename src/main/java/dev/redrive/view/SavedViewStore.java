package dev.redrive.view;

import dev.redrive.postgres.TurnstileStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The SQL of {@code saved_view}. */
final class SavedViewStore {

    private static final String COLUMNS =
            "id, version, owner, name, shared, target, q, sort, columns, tab, created_at, updated_at";

    /** Own ones by the unique constraint, shared ones by their index. */
    private static final String LIST = "SELECT " + COLUMNS + """
             FROM saved_view WHERE owner = $1
            UNION SELECT\s""" + COLUMNS + """
             FROM saved_view WHERE shared
            ORDER BY name, id LIMIT 1000""";

    private static final String LOCK = "SELECT " + COLUMNS + " FROM saved_view WHERE id = $1 FOR UPDATE";

    private static final String OWNED = "SELECT count(*) AS views FROM saved_view WHERE owner = $1";

    private static final String CREATE = """
            INSERT INTO saved_view (owner, name, shared, target, q, sort, columns, tab)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT ON CONSTRAINT saved_view_has_a_name_of_its_own DO NOTHING RETURNING\s""" + COLUMNS;

    private static final String REPLACE = """
            UPDATE saved_view v SET name = $2, shared = $3, target = $4, q = $5, sort = $6, columns = $7, tab = $8,
              version = version + 1, updated_at = now()
            WHERE id = $1 AND NOT EXISTS (
              SELECT FROM saved_view other WHERE other.owner = v.owner AND other.name = $2 AND other.id <> $1)
            RETURNING\s""" + COLUMNS;

    private static final String DELETE = "DELETE FROM saved_view WHERE id = $1";

    private final Pool pool;

    SavedViewStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** @return the caller's own and those of everybody, by name */
    Future<List<Row>> list(String actor) {
        return pool.preparedQuery(LIST)
                .execute(Tuple.of(actor))
                .map(rows -> rows.stream().toList());
    }

    /** @return how many the owner has; until the transaction ends the owner adds no other */
    Future<Long> owned(SqlConnection connection, String owner) {
        return TurnstileStore.pass(connection, "saved_view " + owner)
                .compose(passed -> connection.preparedQuery(OWNED).execute(Tuple.of(owner)))
                .map(rows -> rows.iterator().next().getLong("views"));
    }

    /** Locks the view until the transaction ends. */
    Future<Optional<Row>> lock(SqlConnection connection, long id) {
        return first(connection, LOCK, Tuple.of(id));
    }

    /** @return empty where the owner has another view of that name */
    Future<Optional<Row>> create(SqlConnection connection, String owner, SavedView view) {
        return first(connection, CREATE, values(Tuple.of(owner), view));
    }

    /** @return empty where the owner has another view of that name */
    Future<Optional<Row>> replace(SqlConnection connection, long id, SavedView view) {
        return first(connection, REPLACE, values(Tuple.of(id), view));
    }

    Future<Void> delete(SqlConnection connection, long id) {
        return connection.preparedQuery(DELETE).execute(Tuple.of(id)).mapEmpty();
    }

    private static Tuple values(Tuple first, SavedView view) {
        return first.addString(view.name())
                .addBoolean(view.shared())
                .addString(view.target())
                .addString(view.q())
                .addString(view.sort())
                .addArrayOfString(view.columns().toArray(String[]::new))
                .addString(view.tab());
    }

    private static Future<Optional<Row>> first(SqlConnection connection, String sql, Tuple values) {
        return connection
                .preparedQuery(sql)
                .execute(values)
                .map(rows -> rows.stream().findFirst());
    }
}
