package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The SQL of {@code idempotency_key}. Keys are kept for 7 days. */
final class IdempotencyStore {

    /** @param bodyHash SHA-256 of the body's bytes */
    record Request(String actor, String method, String path, String key, byte[] bodyHash) {

        private Tuple scope() {
            return Tuple.of(actor, method, path, key);
        }
    }

    /** @param reply JSON text as it was given to {@link #keep} */
    record Known(boolean sameBody, String reply) {}

    /** How long a second request waits for the first one's transaction. */
    private static final String WAIT = "SELECT set_config('lock_timeout', '3s', true)";

    private static final String WAIT_AS_USUAL = "SELECT set_config('lock_timeout', '0', true)";

    /** Waits for a transaction that holds the same key; takes over a key that ran out. */
    private static final String CLAIM = """
            INSERT INTO idempotency_key AS known (actor, method, path, key, body_hash) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (actor, method, path, key) DO UPDATE
              SET body_hash = excluded.body_hash, reply = NULL, created_at = now()
              WHERE known.created_at < now() - interval '7 days'
            RETURNING 1""";

    private static final String KEEP = """
            UPDATE idempotency_key SET reply = $5 WHERE actor = $1 AND method = $2 AND path = $3 AND key = $4""";

    private static final String FIND = """
            SELECT body_hash, reply FROM idempotency_key
            WHERE actor = $1 AND method = $2 AND path = $3 AND key = $4""";

    /** A few at a time, beside each claim, so that no job has to clean up and none waits long. */
    private static final String FORGET = """
            DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY (
              SELECT ctid FROM idempotency_key WHERE created_at < now() - interval '7 days'
              ORDER BY created_at LIMIT 20 FOR UPDATE SKIP LOCKED))""";

    /** @return whether the key is new; false when its first request is known, which then has an answer */
    Future<Boolean> claim(SqlConnection connection, Request request) {
        return connection
                .preparedQuery(WAIT)
                .execute()
                .compose(set -> connection
                        .preparedQuery(CLAIM)
                        .execute(request.scope().addBuffer(Buffer.buffer(request.bodyHash()))))
                .map(rows -> rows.size() == 1)
                .compose(claimed ->
                        connection.preparedQuery(WAIT_AS_USUAL).execute().map(set -> claimed));
    }

    Future<Void> keep(SqlConnection connection, Request request, String reply) {
        return connection
                .preparedQuery(KEEP)
                .execute(request.scope().addString(reply))
                .compose(kept -> connection.preparedQuery(FORGET).execute())
                .mapEmpty();
    }

    Future<Known> find(SqlConnection connection, Request request) {
        return connection.preparedQuery(FIND).execute(request.scope()).map(rows -> {
            var row = rows.iterator().next();
            boolean sameBody = Buffer.buffer(request.bodyHash()).equals(row.getBuffer("body_hash"));
            return new Known(sameBody, row.getString("reply"));
        });
    }

    /** @return the answer to the first request, whatever its body was */
    Future<Optional<String>> first(SqlClient client, Request request) {
        return client.preparedQuery(FIND)
                .execute(request.scope())
                .map(rows -> rows.stream().map(row -> row.getString("reply")).findFirst());
    }
}
