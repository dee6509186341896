package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people see of {@code replay_lane}, and the one thing they may change about it. */
final class LaneDeskStore {

    private static final String LANES = """
            SELECT c.name AS cluster, l.lane, l.mode, l.health, l.health_detail, l.changed_at, l.fence,
              l.owner IS NOT NULL AND l.lease_until > now() AS owned,
              (SELECT count(*) FROM replay r
                WHERE r.cluster_id = l.cluster_id AND r.lane = l.lane AND r.state = 'queued') AS queued,
              (SELECT count(*) FROM replay r
                WHERE r.cluster_id = l.cluster_id AND r.lane = l.lane AND r.state = 'sending') AS sending
            FROM replay_lane l JOIN cluster c ON c.id = l.cluster_id
            WHERE ($1::text IS NULL OR c.name = $1) AND ($2::integer IS NULL OR l.lane = $2)
            ORDER BY 1, 2""";

    /** Whoever owns it takes it anew, and binds it to the receipts that are there then. */
    private static final String RESET = """
            UPDATE replay_lane l
            SET health = 'starting', health_detail = NULL, receipts_topic_id = NULL, receipts_next_offset = NULL,
              changed_at = now()
            FROM cluster c
            WHERE c.id = l.cluster_id AND c.name = $1 AND l.lane = $2 AND l.health = 'hold'
            RETURNING l.lane""";

    private final Pool pool;

    LaneDeskStore(Pool pool) {
        this.pool = pool;
    }

    /** In the order of clusters and lanes. @param cluster null for all; the same of {@code lane} */
    Future<List<Row>> lanes(@Nullable String cluster, @Nullable Integer lane) {
        return pool.preparedQuery(LANES)
                .execute(Tuple.tuple().addString(cluster).addInteger(lane))
                .map(rows -> rows.stream().toList());
    }

    /** @return whether it was on hold */
    static Future<Boolean> reset(SqlConnection connection, String cluster, int lane) {
        return connection.preparedQuery(RESET).execute(Tuple.of(cluster, lane)).map(rows -> rows.size() == 1);
    }
}
