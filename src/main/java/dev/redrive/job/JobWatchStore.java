package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Jobs that stopped and jobs that came to their end, for whoever decides what is worth an alert. */
public final class JobWatchStore {

    /** Who paused a job is in the audit alone. */
    private static final String STOPPED = """
            SELECT j.id, j.type, j.state, j.state_reason, j.done, j.total, coalesce(j.finished_at, j.served_at) AS at FROM job j
            WHERE j.state = 'failed' AND j.finished_at > $1
            UNION ALL
            SELECT j.id, j.type, j.state, j.state_reason, j.done, j.total, j.served_at FROM job j
            WHERE j.state = 'paused' AND 'job-held' = (
              SELECT e.action FROM audit_event e
              WHERE e.object = '/api/v1/jobs/' || j.id AND e.action IN ('job-held', 'job-paused', 'job-resumed')
              ORDER BY e.id DESC LIMIT 1)""";

    private static final String FINISHED = """
            SELECT j.id, j.type, j.state, j.state_reason, j.done, j.total, j.finished_at AS at FROM job j
            WHERE j.finished_at > $1 AND j.state IN ('succeeded', 'succeeded-with-failures')
            ORDER BY j.finished_at DESC LIMIT 1000""";

    private JobWatchStore() {}

    /** @param done letters that had their turn, of {@code total} */
    public record Watched(
            UUID id, String type, String state, @Nullable String reason, long done, long total, Instant at) {}

    /** @return jobs that Redrive paused by itself, and those that failed since */
    public static Future<List<Watched>> stopped(SqlClient client, Instant since) {
        return watched(client, STOPPED, since);
    }

    /** @return the latest first */
    public static Future<List<Watched>> finished(SqlClient client, Instant since) {
        return watched(client, FINISHED, since);
    }

    private static Future<List<Watched>> watched(SqlClient client, String sql, Instant since) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(since.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.stream()
                        .map(row -> new Watched(
                                row.getUUID("id"),
                                row.getString("type"),
                                row.getString("state"),
                                row.getString("state_reason"),
                                row.getLong("done"),
                                row.getLong("total"),
                                row.getOffsetDateTime("at").toInstant()))
                        .toList());
    }
}
