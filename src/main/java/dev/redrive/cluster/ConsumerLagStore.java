package dev.redrive.cluster;

import dev.redrive.cluster.ConsumerLag.Place;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of the watch: what is watched, what was measured, and its history by the minute. */
final class ConsumerLagStore {

    private static final int MOST_TOPICS = 2_000;

    private static final String CLUSTER = "SELECT id FROM cluster WHERE kafka_id = $1";

    /** Kinds are few: what thousands of letters share is stored once. */
    private static final String TOPICS = """
            SELECT name FROM dead_letter_topic WHERE cluster_id = $1
            UNION SELECT k.origin_topic FROM letter_kind k JOIN dead_letter_topic t ON t.id = k.topic_ref
              WHERE t.cluster_id = $1 AND k.origin_topic IS NOT NULL
            ORDER BY 1 LIMIT $2""";

    private static final String STORED = "SELECT * FROM consumer_lag WHERE cluster_id = $1";

    /** What is not among the rows any more goes with the same statement. */
    private static final String SAVE = """
            WITH measured AS (
              SELECT * FROM unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
                  $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
                AS m (consumer_group, topic, partition, committed, log_end, lag, status, status_since, moved_at, alive_at, measured_at)),
            gone AS (
              DELETE FROM consumer_lag l WHERE cluster_id = $1 AND NOT EXISTS (
                SELECT FROM measured m
                WHERE m.consumer_group = l.consumer_group AND m.topic = l.topic AND m.partition = l.partition)),
            minute AS (
              INSERT INTO consumer_lag_minute AS before (cluster_id, consumer_group, topic, minute, lag, status)
              SELECT $1, consumer_group, topic, date_trunc('minute', $13::timestamptz), sum(lag),
                (ARRAY['ok', 'warn', 'rewind', 'beyond', 'stall', 'stop'])[max(array_position(ARRAY['ok', 'warn', 'rewind', 'beyond', 'stall', 'stop'], status))]
              FROM measured WHERE measured_at = $13 GROUP BY consumer_group, topic
              ON CONFLICT (cluster_id, consumer_group, topic, minute)
              DO UPDATE SET lag = greatest(before.lag, excluded.lag), status = excluded.status)
            INSERT INTO consumer_lag SELECT $1, m.* FROM measured m
            ON CONFLICT (cluster_id, consumer_group, topic, partition) DO UPDATE SET
              committed = excluded.committed, log_end = excluded.log_end, lag = excluded.lag, status = excluded.status,
              status_since = excluded.status_since, moved_at = excluded.moved_at, alive_at = excluded.alive_at,
              measured_at = excluded.measured_at""";

    private static final String FACTS = """
            WITH found AS (
              SELECT * FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $7::text[])
                AS f (consumer_group, topic, members, uncommitted, type)),
            gone AS (
              DELETE FROM consumer_group_topic g WHERE cluster_id = $1 AND NOT EXISTS (
                SELECT FROM found f WHERE f.consumer_group = g.consumer_group AND f.topic = g.topic))
            INSERT INTO consumer_group_topic (cluster_id, consumer_group, topic, members, uncommitted, measured_at, type)
            SELECT $1, f.consumer_group, f.topic, f.members, f.uncommitted, $6, f.type FROM found f
            ON CONFLICT (cluster_id, consumer_group, topic) DO UPDATE SET members = excluded.members,
              uncommitted = excluded.uncommitted, measured_at = excluded.measured_at, type = excluded.type""";

    private static final String WATCHED = """
            WITH met AS (DELETE FROM cluster_unmet u USING cluster c WHERE c.id = $1 AND u.name = c.name)
            INSERT INTO cluster_watch (cluster_id, measured_at, left_out) VALUES ($1, $2, $3)
            ON CONFLICT (cluster_id) DO UPDATE SET
              measured_at = excluded.measured_at, left_out = excluded.left_out, failing_since = NULL""";

    private static final String FAILING = """
            INSERT INTO cluster_watch AS watch (cluster_id, failing_since) VALUES ($1, $2)
            ON CONFLICT (cluster_id) DO UPDATE SET failing_since = coalesce(watch.failing_since, excluded.failing_since)""";

    private static final String UNMET =
            "INSERT INTO cluster_unmet (name, failing_since) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

    private static final String MET = "DELETE FROM cluster_unmet WHERE name = $1";

    private static final String PRUNE =
            "DELETE FROM consumer_lag_minute WHERE minute < $1::timestamptz - interval '24 hours'";

    private final Pool pool;

    ConsumerLagStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** @return empty until something of the cluster was read */
    Future<Optional<Short>> cluster(String kafkaId) {
        return pool.preparedQuery(CLUSTER)
                .execute(Tuple.of(kafkaId))
                .map(rows -> rows.stream().map(row -> row.getShort("id")).findFirst());
    }

    /** Dead-letter topics that are read and the origins that their letters name. */
    Future<Set<String>> topics(short cluster) {
        return pool.preparedQuery(TOPICS)
                .execute(Tuple.of(cluster, MOST_TOPICS))
                .map(rows -> {
                    var topics = new HashSet<String>();
                    rows.forEach(row -> topics.add(row.getString("name")));
                    return topics;
                });
    }

    Future<List<ConsumerLag>> stored(short cluster) {
        return pool.preparedQuery(STORED)
                .execute(Tuple.of(cluster))
                .map(rows -> rows.stream().map(ConsumerLagStore::lag).toList());
    }

    static ConsumerLag lag(Row row) {
        var alive = row.getOffsetDateTime("alive_at");
        return new ConsumerLag(
                new Place(row.getString("consumer_group"), row.getString("topic"), row.getInteger("partition")),
                row.getLong("committed"),
                row.getLong("log_end"),
                LagState.of(row.getString("status")),
                row.getOffsetDateTime("status_since").toInstant(),
                row.getOffsetDateTime("moved_at").toInstant(),
                alive == null ? null : alive.toInstant(),
                row.getOffsetDateTime("measured_at").toInstant());
    }

    /** In the transaction of the connection. @param lags all that are known of the cluster */
    Future<Void> save(SqlConnection connection, short cluster, Collection<ConsumerLag> lags, Instant now) {
        var values = Tuple.of(cluster)
                .addValue(texts(lags, lag -> lag.place().group()))
                .addValue(texts(lags, lag -> lag.place().topic()))
                .addValue(lags.stream().map(lag -> lag.place().partition()).toArray(Integer[]::new))
                .addValue(lags.stream().map(ConsumerLag::committed).toArray(Long[]::new))
                .addValue(lags.stream().map(ConsumerLag::logEnd).toArray(Long[]::new))
                .addValue(lags.stream().map(ConsumerLag::lag).toArray(Long[]::new))
                .addValue(texts(lags, lag -> lag.state().word()))
                .addValue(times(lags, ConsumerLag::since))
                .addValue(times(lags, ConsumerLag::movedAt))
                .addValue(times(lags, ConsumerLag::aliveAt))
                .addValue(times(lags, ConsumerLag::measuredAt))
                .addValue(utc(now));
        return connection.preparedQuery(SAVE).execute(values).mapEmpty();
    }

    /** In the transaction of the connection, in place of what was there. */
    Future<Void> facts(SqlConnection connection, short cluster, List<GroupTopic> facts, Instant now) {
        return connection
                .preparedQuery(FACTS)
                .execute(Tuple.of(cluster)
                        .addValue(facts.stream().map(GroupTopic::group).toArray(String[]::new))
                        .addValue(facts.stream().map(GroupTopic::topic).toArray(String[]::new))
                        .addValue(facts.stream().map(GroupTopic::members).toArray(Integer[]::new))
                        .addValue(facts.stream().map(GroupTopic::uncommitted).toArray(Integer[]::new))
                        .addValue(utc(now))
                        .addValue(facts.stream().map(GroupTopic::type).toArray(String[]::new)))
                .mapEmpty();
    }

    /** In the transaction of the connection: all is well with the watch itself. */
    Future<Void> watched(SqlConnection connection, short cluster, Instant now, int leftOut) {
        return connection
                .preparedQuery(WATCHED)
                .execute(Tuple.of(cluster, utc(now), leftOut))
                .mapEmpty();
    }

    Future<Void> failing(short cluster, Instant now) {
        return pool.preparedQuery(FAILING).execute(Tuple.of(cluster, utc(now))).mapEmpty();
    }

    /** As {@link #failing}, of a cluster that this process has not met yet. @param name in the settings */
    Future<Void> unmet(String name, Instant now) {
        return pool.preparedQuery(UNMET).execute(Tuple.of(name, utc(now))).mapEmpty();
    }

    /** It answered. */
    Future<Void> met(String name) {
        return pool.preparedQuery(MET).execute(Tuple.of(name)).mapEmpty();
    }

    /** Forgets what is older than a day. */
    Future<RowSet<Row>> prune(Instant now) {
        return pool.preparedQuery(PRUNE).execute(Tuple.of(utc(now)));
    }

    private interface TimeOf {
        @Nullable
        Instant of(ConsumerLag lag);
    }

    private static String[] texts(Collection<ConsumerLag> lags, java.util.function.Function<ConsumerLag, String> text) {
        return lags.stream().map(text).toArray(String[]::new);
    }

    private static OffsetDateTime[] times(Collection<ConsumerLag> lags, TimeOf time) {
        return lags.stream().map(lag -> utc(time.of(lag))).toArray(OffsetDateTime[]::new);
    }

    static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
