package dev.redrive.alert;

import dev.redrive.postgres.TurnstileStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The SQL of {@code alert_silence}. */
final class SilenceStore {

    /** Of those that have not ended: each is held against each alert in every look. */
    static final int MOST = 1_000;

    private static final String ACTIVE =
            "SELECT * FROM alert_silence WHERE starts_at <= $1 AND ends_at > $1 ORDER BY id LIMIT " + MOST;

    private static final String COUNT = "SELECT count(*) AS silences FROM alert_silence WHERE ends_at > $1";

    private static final String PAGE = "SELECT * FROM alert_silence WHERE id < $1 ORDER BY id DESC LIMIT $2";

    private static final String CREATE = """
            INSERT INTO alert_silence (query, starts_at, ends_at, author, reason) VALUES ($1, $2, $3, $4, $5) RETURNING *""";

    /** One that never began has no time in which it was there. */
    private static final String END = """
            UPDATE alert_silence SET ends_at = $2, starts_at = least(starts_at, $2)
            WHERE id = $1 AND ends_at > $2 RETURNING *""";

    private static final String FIND = "SELECT * FROM alert_silence WHERE id = $1";

    private SilenceStore() {}

    static Future<List<Silence>> active(SqlClient client, Instant now) {
        return client.preparedQuery(ACTIVE)
                .execute(Tuple.of(AlertRuleStore.utc(now)))
                .map(rows -> rows.stream().map(Silence::from).toList());
    }

    /** @return newest first */
    static Future<List<Silence>> page(Pool pool, long beforeId, int limit) {
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(beforeId, limit))
                .map(rows -> rows.stream().map(Silence::from).toList());
    }

    /** @return how many have not ended; until the transaction ends nobody else adds one */
    static Future<Long> count(SqlConnection connection, Instant now) {
        return TurnstileStore.pass(connection, "alert_silence")
                .compose(passed -> connection.preparedQuery(COUNT).execute(Tuple.of(AlertRuleStore.utc(now))))
                .map(rows -> rows.iterator().next().getLong("silences"));
    }

    static Future<Silence> create(SqlConnection connection, Silence.Asked asked, String author) {
        return connection
                .preparedQuery(CREATE)
                .execute(Tuple.of(
                        asked.query(),
                        AlertRuleStore.utc(asked.from()),
                        AlertRuleStore.utc(asked.until()),
                        author,
                        asked.reason()))
                .map(rows -> Silence.from(rows.iterator().next()));
    }

    /** @return empty where it has ended already */
    static Future<Optional<Silence>> end(SqlConnection connection, long id, Instant now) {
        return connection
                .preparedQuery(END)
                .execute(Tuple.of(id, AlertRuleStore.utc(now)))
                .map(rows -> rows.stream().map(Silence::from).findFirst());
    }

    static Future<Optional<Silence>> find(SqlClient client, long id) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().map(Silence::from).findFirst());
    }
}
