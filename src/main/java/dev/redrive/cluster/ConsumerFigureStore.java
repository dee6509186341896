package dev.redrive.cluster;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the watch measured, for whoever decides what is worth an alert. */
public final class ConsumerFigureStore {

    private static final int MOST_PARTITIONS = 5;

    private static final String FIGURES = """
            SELECT l.*, c.name AS cluster FROM consumer_lag l JOIN cluster c ON c.id = l.cluster_id
            WHERE EXISTS (SELECT FROM consumer_lag bad WHERE bad.status <> 'ok' AND bad.cluster_id = l.cluster_id
              AND bad.consumer_group = l.consumer_group AND bad.topic = l.topic)""";

    /** A name stands for the cluster that was measured last: another one may have had it before. */
    private static final String WATCHES = """
            SELECT coalesce(w.name, u.name) AS name, w.measured_at, least(w.failing_since, u.failing_since) AS failing_since
            FROM (
              SELECT DISTINCT ON (c.name) c.name, w.measured_at, w.failing_since
              FROM cluster_watch w JOIN cluster c ON c.id = w.cluster_id
              ORDER BY c.name, w.measured_at DESC NULLS LAST, c.id DESC) AS w
            FULL JOIN cluster_unmet u ON u.name = w.name""";

    /** From the first minute of each time in which it was so to the last one. */
    private static final String BEHIND = """
            SELECT cluster, consumer_group, topic, min(minute) AS began, max(minute) AS ended, max(lag) AS lag,
              max(minute) >= $3::timestamptz - interval '2 minutes' AS lasts
            FROM (
              SELECT c.name AS cluster, h.consumer_group, h.topic, h.minute, h.lag,
                h.minute - row_number() OVER (PARTITION BY h.cluster_id, h.consumer_group, h.topic ORDER BY h.minute)
                  * interval '1 minute' AS island
              FROM consumer_lag_minute h JOIN cluster c ON c.id = h.cluster_id
              WHERE h.minute >= $1 AND h.lag > $2 AND h.status <> 'ok') AS minutes
            GROUP BY cluster, consumer_group, topic, island ORDER BY began DESC LIMIT 1001""";

    private ConsumerFigureStore() {}

    /**
     * How a cluster is watched.
     *
     * @param measuredAt null before the first look
     * @param failingSince null while it answers
     */
    public record Watch(
            String cluster,
            @Nullable Instant measuredAt,
            @Nullable Instant failingSince) {}

    /** A time in which a group was behind. @param lasts whether it still is */
    public record Behind(
            String cluster, String group, String topic, Instant from, Instant until, long lag, boolean lasts) {}

    private record Id(String cluster, GroupLag.Key key) {}

    /** @return groups that do not get on, whatever their lag */
    public static Future<List<ConsumerFigure>> notOk(SqlClient client) {
        return client.query(FIGURES).execute().map(rows -> {
            var byId = rows.stream()
                    .collect(groupingBy(
                            row -> new Id(
                                    row.getString("cluster"),
                                    new GroupLag.Key(row.getString("consumer_group"), row.getString("topic"))),
                            () -> new TreeMap<>(Comparator.comparing(Id::toString)),
                            mapping(ConsumerLagStore::lag, toList())));
            var figures = new ArrayList<ConsumerFigure>();
            byId.forEach((id, lags) ->
                    figures.add(figure(id.cluster(), GroupLag.of(lags).get(0))));
            return figures;
        });
    }

    static ConsumerFigure figure(String cluster, GroupLag group) {
        return new ConsumerFigure(
                cluster,
                group.key().group(),
                group.key().topic(),
                group.lag(),
                group.state().word(),
                group.since(),
                group.partitions().stream()
                        .filter(lag -> lag.state().isStuck())
                        .map(ConsumerLag::movedAt)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                group.partitions().stream()
                        .map(ConsumerLag::aliveAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                group.partitions().stream()
                        .filter(lag -> lag.state() != LagState.OK || lag.lag() > 0)
                        .limit(MOST_PARTITIONS)
                        .map(lag -> new ConsumerFigure.Partition(
                                lag.place().partition(),
                                lag.committed(),
                                lag.lag(),
                                lag.state().word()))
                        .toList());
    }

    public static Future<List<Watch>> watches(SqlClient client) {
        return client.query(WATCHES)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> {
                            var measured = row.getOffsetDateTime("measured_at");
                            var failing = row.getOffsetDateTime("failing_since");
                            return new Watch(
                                    row.getString("name"),
                                    measured == null ? null : measured.toInstant(),
                                    failing == null ? null : failing.toInstant());
                        })
                        .toList());
    }

    /** @return the latest first, 1,001 at most, of the history that is kept */
    public static Future<List<Behind>> behind(SqlClient client, Instant since, long records, Instant now) {
        return client.preparedQuery(BEHIND)
                .execute(Tuple.of(since.atOffset(ZoneOffset.UTC), records, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.stream()
                        .map(row -> new Behind(
                                row.getString("cluster"),
                                row.getString("consumer_group"),
                                row.getString("topic"),
                                row.getOffsetDateTime("began").toInstant(),
                                row.getOffsetDateTime("ended").toInstant(),
                                row.getLong("lag"),
                                row.getBoolean("lasts")))
                        .toList());
    }
}
