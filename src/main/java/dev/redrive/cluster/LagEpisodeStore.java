package dev.redrive.cluster;

import dev.redrive.cluster.GroupLag.Key;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of the episodes. Everything is in the transaction of a connection, with what is told of them. */
final class LagEpisodeStore {

    private static final String OPEN =
            "SELECT * FROM consumer_lag_episode WHERE cluster_id = $1 AND resolved_at IS NULL";

    /** One that another process began meanwhile is not begun again. */
    private static final String BEGIN = """
            INSERT INTO consumer_lag_episode (cluster_id, consumer_group, topic, fired_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (cluster_id, consumer_group, topic) WHERE resolved_at IS NULL DO NOTHING
            RETURNING id""";

    private static final String CALM =
            "UPDATE consumer_lag_episode SET calm_since = $2 WHERE id = $1 AND resolved_at IS NULL";

    private static final String RESOLVE =
            "UPDATE consumer_lag_episode SET resolved_at = $2 WHERE id = $1 AND resolved_at IS NULL RETURNING id";

    /** @param calmSince null while it is not */
    record Episode(long id, Instant firedAt, @Nullable Instant calmSince) {}

    Future<Map<Key, Episode>> open(SqlConnection connection, short cluster) {
        return connection.preparedQuery(OPEN).execute(Tuple.of(cluster)).map(rows -> {
            var episodes = new HashMap<Key, Episode>();
            for (var row : rows) {
                var calm = row.getOffsetDateTime("calm_since");
                var fired = row.getOffsetDateTime("fired_at").toInstant();
                episodes.put(
                        new Key(row.getString("consumer_group"), row.getString("topic")),
                        new Episode(row.getLong("id"), fired, calm == null ? null : calm.toInstant()));
            }
            return episodes;
        });
    }

    /** @return empty where one is open already */
    Future<Optional<Episode>> begin(SqlConnection connection, short cluster, Key key, Instant now) {
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(cluster, key.group(), key.topic(), ConsumerLagStore.utc(now)))
                .map(rows -> rows.stream()
                        .map(row -> new Episode(row.getLong("id"), now, null))
                        .findFirst());
    }

    /** @param since null: it is not calm any more */
    Future<Void> calm(SqlConnection connection, long id, @Nullable Instant since) {
        return connection
                .preparedQuery(CALM)
                .execute(Tuple.of(id, ConsumerLagStore.utc(since)))
                .mapEmpty();
    }

    /** @return whether it was open until now */
    Future<Boolean> resolve(SqlConnection connection, long id, Instant now) {
        return connection
                .preparedQuery(RESOLVE)
                .execute(Tuple.of(id, ConsumerLagStore.utc(now)))
                .map(rows -> rows.size() == 1);
    }
}
