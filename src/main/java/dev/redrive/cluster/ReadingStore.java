package dev.redrive.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of what operators decided about the reading of topics. */
final class ReadingStore {

    private static final String DECIDE = """
            INSERT INTO topic_setting AS o (cluster_id, name, reading, reading_by, reading_reason)
            SELECT id, $2, $3, CASE WHEN $3::text IS NOT NULL THEN $4::text END, CASE WHEN $3::text IS NOT NULL THEN $5::text END
            FROM cluster WHERE name = $1
            ON CONFLICT (cluster_id, name) DO UPDATE SET version = o.version + 1, reading = excluded.reading,
              reading_by = excluded.reading_by, reading_reason = excluded.reading_reason
            RETURNING name, reading, reading_by, reading_reason""";

    private static final String DECIDED = """
            SELECT c.name AS cluster, o.name, o.reading, o.reading_by, o.reading_reason
            FROM topic_setting o JOIN cluster c ON c.id = o.cluster_id WHERE o.reading IS NOT NULL""";

    private static final String TELL = "SELECT pg_notify('redrive_changed', '{\"what\":\"topics\"}')";

    private final Pool pool;

    ReadingStore(Pool pool) {
        this.pool = pool;
    }

    /** @return of every topic that something was decided about */
    Future<List<Row>> decided() {
        return pool.query(DECIDED).execute().map(rows -> rows.stream().toList());
    }

    /**
     * In the transaction of the connection.
     *
     * @param decision {@code include}, {@code exclude}; null as the name and the records say
     * @return empty where nothing of the cluster was read yet
     */
    Future<Optional<Row>> decide(
            SqlConnection connection,
            String cluster,
            String topic,
            @Nullable String decision,
            String actor,
            @Nullable String reason) {
        return connection
                .preparedQuery(DECIDE)
                .execute(Tuple.of(cluster, topic, decision, actor, reason))
                .compose(
                        decided -> tell(connection).map(told -> decided.stream().findFirst()));
    }

    /** In the transaction of the connection: that something about topics changed. */
    static Future<Void> tell(SqlConnection connection) {
        return connection.query(TELL).execute().mapEmpty();
    }
}
