package dev.redrive.access;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The SQL of {@code session}. A session ends after 30 minutes without a request and after 12 hours in any case. */
public final class SessionStore {

    private static final String OPEN = """
            WITH ended AS (DELETE FROM session WHERE expires_at < now())
            INSERT INTO session (secret_hash, actor, credential_hash, expires_at)
            VALUES ($1, $2, $3, now() + interval '12 hours')""";

    /** Written at most once a minute, so that reading does not become writing. */
    private static final String FIND = """
            WITH used AS (
              UPDATE session SET used_at = now()
              WHERE secret_hash = $1 AND used_at BETWEEN now() - interval '30 minutes' AND now() - interval '1 minute')
            SELECT actor FROM session
            WHERE secret_hash = $1 AND credential_hash = $2 AND expires_at > now()
              AND used_at > now() - interval '30 minutes'""";

    private static final String CLOSE = "DELETE FROM session WHERE secret_hash = $1";

    private final Pool pool;

    public SessionStore(Pool pool) {
        this.pool = pool;
    }

    Future<Void> open(Session session, String actor, Secret credential) {
        return pool.preparedQuery(OPEN)
                .execute(Tuple.of(Buffer.buffer(session.secretHash()), actor, Buffer.buffer(credential.hash())))
                .mapEmpty();
    }

    /** @return the actor, empty if the session ended or was opened with another credential */
    Future<Optional<String>> find(Session session, Secret credential) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(Buffer.buffer(session.secretHash()), Buffer.buffer(credential.hash())))
                .map(rows -> rows.stream().findFirst().map(row -> row.getString("actor")));
    }

    Future<Void> close(Session session) {
        return pool.preparedQuery(CLOSE)
                .execute(Tuple.of(Buffer.buffer(session.secretHash())))
                .mapEmpty();
    }
}
