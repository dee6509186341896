package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replays and lanes that wait for a person, for whoever decides what is worth an alert. */
public final class ReplayWatchStore {

    private static final String UNCERTAIN = """
            SELECT c.name AS cluster, count(*) AS replays, min(coalesce(r.settled_at, r.updated_at)) AS since
            FROM replay r JOIN cluster c ON c.id = r.cluster_id
            WHERE r.state = 'uncertain' GROUP BY c.name ORDER BY c.name""";

    private static final String ON_HOLD = """
            SELECT c.name AS cluster, l.lane, l.fence, l.health_detail, l.changed_at
            FROM replay_lane l JOIN cluster c ON c.id = l.cluster_id
            WHERE l.health = 'hold' ORDER BY c.name, l.lane""";

    private ReplayWatchStore() {}

    /** Replays into one cluster of which nobody can say whether they were sent. */
    public record Uncertain(String cluster, long replays, Instant since) {}

    /** A lane that sends nothing until a person has looked. */
    public record OnHold(
            String cluster, int lane, long fence, @Nullable String why, Instant since) {}

    public static Future<List<Uncertain>> uncertain(SqlClient client) {
        return client.query(UNCERTAIN)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> new Uncertain(
                                row.getString("cluster"),
                                row.getLong("replays"),
                                row.getOffsetDateTime("since").toInstant()))
                        .toList());
    }

    public static Future<List<OnHold>> onHold(SqlClient client) {
        return client.query(ON_HOLD)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> new OnHold(
                                row.getString("cluster"),
                                row.getInteger("lane"),
                                row.getLong("fence"),
                                row.getString("health_detail"),
                                row.getOffsetDateTime("changed_at").toInstant()))
                        .toList());
    }
}
