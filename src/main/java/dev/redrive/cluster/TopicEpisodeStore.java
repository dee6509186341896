package dev.redrive.cluster;

import dev.redrive.cluster.TopicNotice.End;
import dev.redrive.cluster.TopicNotice.Kind;
import dev.redrive.cluster.TopicTrouble.Subject;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The SQL of the episodes of topics. Everything is in the transaction of a connection, with what is told of them. */
final class TopicEpisodeStore {

    private static final String OPEN =
            "SELECT * FROM topic_episode WHERE cluster_id = $1 AND kind = $2 AND resolved_at IS NULL";

    /** One that another process began meanwhile is not begun again. */
    private static final String BEGIN = """
            INSERT INTO topic_episode (cluster_id, kind, topic, partition, details) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (cluster_id, kind, topic, partition) WHERE resolved_at IS NULL DO NOTHING
            RETURNING *""";

    private static final String RESOLVE = """
            UPDATE topic_episode SET resolved_at = now(), ended_because = $2 WHERE id = $1 AND resolved_at IS NULL
            RETURNING id""";

    record Episode(long id, Instant firedAt, JsonObject details) {
        static Episode of(Row row) {
            return new Episode(
                    row.getLong("id"),
                    row.getOffsetDateTime("fired_at").toInstant(),
                    new JsonObject(row.getString("details")));
        }
    }

    /** @param client a connection, or the pool of whoever only wants to know */
    Future<Map<Subject, Episode>> open(SqlClient client, short cluster, Kind kind) {
        return client.preparedQuery(OPEN)
                .execute(Tuple.of(cluster, kind.word()))
                .map(rows -> {
                    var episodes = new HashMap<Subject, Episode>();
                    rows.forEach(row -> episodes.put(
                            new Subject(row.getString("topic"), row.getInteger("partition")), Episode.of(row)));
                    return episodes;
                });
    }

    /** @return empty where one is open already */
    Future<Optional<Episode>> begin(SqlConnection connection, short cluster, TopicTrouble trouble) {
        return connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(
                        cluster,
                        trouble.kind().word(),
                        trouble.topic(),
                        trouble.partition(),
                        trouble.details().encode()))
                .map(rows -> rows.stream().map(Episode::of).findFirst());
    }

    /** @return whether it was open until now */
    Future<Boolean> resolve(SqlConnection connection, long id, End end) {
        return connection
                .preparedQuery(RESOLVE)
                .execute(Tuple.of(id, end == End.WELL ? null : end.word()))
                .map(rows -> rows.size() == 1);
    }
}
