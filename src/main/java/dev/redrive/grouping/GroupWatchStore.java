package dev.redrive.grouping;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happens to failure groups, for whoever decides what is worth an alert. */
public final class GroupWatchStore {

    /** So many are named, and one more where there are more. */
    public static final int MOST = 1_000;

    /** A group below this is too small to say anything about its rate. */
    private static final int LEAST = 10;

    private static final String COLUMNS =
            "g.id, g.title, g.message, g.topic, g.origin_topic, g.consumer_group, g.convention, c.letters";

    private static final String REGRESSED = """
            SELECT %s, s.runbook_url, s.regressed_at AS at FROM failure_group_state s
            JOIN failure_group g ON g.id = s.failure_group_id JOIN failure_group_counter c ON c.failure_group_id = g.id
            WHERE s.regressed_at > $1 AND s.regressed_at <= $2 AND s.merged_into IS NULL
            ORDER BY s.regressed_at DESC LIMIT 1001""".formatted(COLUMNS);

    private static final String CREATED = """
            SELECT %s, s.runbook_url, g.created_at AS at FROM failure_group g
            JOIN failure_group_counter c ON c.failure_group_id = g.id
            LEFT JOIN failure_group_state s ON s.failure_group_id = g.id
            WHERE g.created_at > $1 AND g.created_at <= $2
            ORDER BY g.id DESC LIMIT 1001""".formatted(COLUMNS);

    /**
     * As the state of a group is computed, with another factor and span: more letters in the last hours than the factor
     * times what such a span had in the seven days before, for groups that are a day old at least.
     */
    private static final String ESCALATING = """
            SELECT %s, s.runbook_url, r.recent::bigint AS recent, $4::timestamptz AS at
            FROM failure_group_counter c JOIN failure_group g ON g.id = c.failure_group_id
            LEFT JOIN failure_group_state s ON s.failure_group_id = g.id
            CROSS JOIN LATERAL (
              SELECT date_trunc('hour', $4::timestamptz) - make_interval(hours => $1::integer - 1) AS begins) AS span
            CROSS JOIN LATERAL (
              SELECT coalesce(sum(b.letters) FILTER (WHERE b.hour >= span.begins), 0) AS recent,
                coalesce(sum(b.letters) FILTER (WHERE b.hour < span.begins), 0) * $1::integer
                  / greatest($1::integer, least(168, extract(epoch FROM $4::timestamptz - c.first_seen_at) / 3600) - $1::integer) AS usual
              FROM failure_group_bucket b
              WHERE b.failure_group_id = g.id AND b.hour >= span.begins - interval '7 days' AND b.hour <= $4::timestamptz) AS r
            WHERE c.last_seen_at >= span.begins AND c.first_seen_at < $4::timestamptz - interval '1 day'
              AND coalesce(s.triage, 'none') NOT IN ('resolved', 'snoozed')
              AND r.recent >= $3::integer AND r.recent > $2::double precision * r.usual
            ORDER BY g.id LIMIT 1001""".formatted(COLUMNS);

    /** The same for every hour since, also without letters of its own; one row for each time in which it was so. */
    private static final String ESCALATED = """
            WITH filled AS (
              SELECT b.failure_group_id, b.hour + o * interval '1 hour' AS hour, sum(b.letters) FILTER (WHERE o = 0) AS letters
              FROM failure_group_bucket b CROSS JOIN generate_series(0, $1::integer - 1) AS o
              WHERE b.hour > $4::timestamptz - interval '8 days' AND b.hour + o * interval '1 hour' <= $5::timestamptz
              GROUP BY 1, 2),
            hours AS (
              SELECT b.failure_group_id, b.hour, c.first_seen_at,
                sum(b.letters) OVER (PARTITION BY b.failure_group_id ORDER BY b.hour
                  RANGE BETWEEN make_interval(hours => $1::integer - 1) PRECEDING AND CURRENT ROW) AS recent,
                coalesce(sum(b.letters) OVER (PARTITION BY b.failure_group_id ORDER BY b.hour
                  RANGE BETWEEN make_interval(hours => 168 + $1::integer) PRECEDING AND make_interval(hours => $1::integer) PRECEDING), 0) AS before
              FROM filled b JOIN failure_group_counter c ON c.failure_group_id = b.failure_group_id
              WHERE c.last_seen_at > $4::timestamptz),
            islands AS (
              SELECT *, hour - row_number() OVER (PARTITION BY failure_group_id ORDER BY hour) * interval '1 hour' AS island
              FROM hours
              WHERE hour > $4::timestamptz AND first_seen_at < hour - interval '1 day' AND recent >= $3::integer
                AND recent > $2::double precision * before * $1::integer
                  / greatest($1::integer, least(168, extract(epoch FROM hour - first_seen_at) / 3600) - $1::integer))
            SELECT %s, s.runbook_url, max(i.recent)::bigint AS recent, min(i.hour) AS at,
              max(i.hour) + interval '1 hour' AS until
            FROM islands i JOIN failure_group g ON g.id = i.failure_group_id
            JOIN failure_group_counter c ON c.failure_group_id = g.id
            LEFT JOIN failure_group_state s ON s.failure_group_id = g.id
            GROUP BY g.id, c.letters, s.runbook_url, i.island ORDER BY at DESC LIMIT 1001""".formatted(COLUMNS);

    private static final String HANDLED = """
            SELECT c.failure_group_id FROM failure_group_counter c
            LEFT JOIN failure_group_state s ON s.failure_group_id = c.failure_group_id
            WHERE c.failure_group_id = ANY ($1)
              AND (c.open = 0 OR s.triage IN ('resolved', 'snoozed') OR s.merged_into IS NOT NULL)""";

    private GroupWatchStore() {}

    /**
     * A failure group and when it was so.
     *
     * @param letters all of them; of a group that escalates those of the span
     * @param runbook the address that somebody gave the group
     */
    public record Met(
            long id,
            String title,
            @Nullable String message,
            String topic,
            @Nullable String originTopic,
            @Nullable String consumerGroup,
            String convention,
            @Nullable String runbook,
            long letters,
            Instant at) {}

    /** @return groups that came back after {@code from}, the latest first, 1,001 at most */
    public static Future<List<Met>> regressed(SqlClient client, Instant from, Instant until) {
        return met(client.preparedQuery(REGRESSED).execute(Tuple.of(utc(from), utc(until))), "letters");
    }

    /** @return as of {@link #regressed}, groups that were new */
    public static Future<List<Met>> created(SqlClient client, Instant from, Instant until) {
        return met(client.preparedQuery(CREATED).execute(Tuple.of(utc(from), utc(until))), "letters");
    }

    /** @param span in hours, 1 or more, the running one counted as one */
    public static Future<List<Met>> escalating(SqlClient client, Duration span, double factor, Instant now) {
        int hours = (int) Math.max(1, span.toHours());
        return met(client.preparedQuery(ESCALATING).execute(Tuple.of(hours, factor, LEAST, utc(now))), "recent");
    }

    /** A time in which a group escalated. */
    public record Escalated(Met group, Instant until) {}

    /** @return as of {@link #escalating}, for every hour after {@code from}, the latest first; 1,001 at most */
    public static Future<List<Escalated>> escalated(
            SqlClient client, Duration span, double factor, Instant from, Instant now) {
        int hours = (int) Math.max(1, span.toHours());
        return client.preparedQuery(ESCALATED)
                .execute(Tuple.of(hours, factor, LEAST, utc(from), utc(now)))
                .map(rows -> rows.stream()
                        .map(row -> new Escalated(
                                met(row, "recent"),
                                row.getOffsetDateTime("until").toInstant()))
                        .toList());
    }

    /** @return those of the groups that need nobody: nothing is open, or somebody has decided */
    public static Future<Set<Long>> handled(SqlClient client, Collection<Long> ids) {
        return client.preparedQuery(HANDLED)
                .execute(Tuple.of(ids.toArray(Long[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> row.getLong("failure_group_id"))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static Future<List<Met>> met(Future<RowSet<Row>> found, String letters) {
        return found.map(rows -> rows.stream().map(row -> met(row, letters)).toList());
    }

    private static Met met(Row row, String letters) {
        return new Met(
                row.getLong("id"),
                row.getString("title"),
                row.getString("message"),
                row.getString("topic"),
                row.getString("origin_topic"),
                row.getString("consumer_group"),
                row.getString("convention"),
                row.getString("runbook_url"),
                row.getLong(letters),
                row.getOffsetDateTime("at").toInstant());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
