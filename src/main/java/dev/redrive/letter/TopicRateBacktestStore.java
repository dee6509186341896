package dev.redrive.letter;

import dev.redrive.letter.LetterBacktestStore.Fired;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When topics would have escalated, by what is still stored of them. */
public final class TopicRateBacktestStore {

    /**
     * As {@link TopicRateStore} looks at the end of every hour and now, at hours without letters as well; one row for each
     * time in which it was so. Whether a failure group was resolved or snoozed back then is not known.
     */
    private static final String ESCALATED = """
            WITH topics AS MATERIALIZED (%8$s),
            counted AS (
              SELECT n.topic, s.hour, sum(s.letters) AS letters,
                sum(s.letters) FILTER (WHERE c.first_seen_at < to_timestamp(s.hour * 3600.0 - 82800)) AS known
              FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref JOIN topics n ON n.topic_ref = k.topic_ref
              JOIN failure_group_counter c ON c.failure_group_id = s.failure_group_id
              WHERE s.hour > %1$s - %3$s - 169 AND s.hour <= %2$s AND s.letters > 0 AND %5$s
              GROUP BY 1, 2),
            ages AS (
              SELECT n.topic, CASE WHEN e.letters > n.letters THEN 0 ELSE n.first END AS first
              FROM (SELECT topic, min(hour) AS first, sum(letters) AS letters FROM counted GROUP BY 1) AS n
              JOIN (
                SELECT o.topic, sum(s.letters) AS letters
                FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref JOIN topics o ON o.topic_ref = k.topic_ref
                WHERE s.hour = -1 AND %5$s GROUP BY 1) AS e ON e.topic = n.topic),
            filled AS (
              SELECT topic, hour + o AS hour, sum(letters) FILTER (WHERE o = 0) AS letters,
                sum(known) FILTER (WHERE o = 0) AS known
              FROM counted CROSS JOIN generate_series(0, %3$s) AS o WHERE hour + o <= %2$s GROUP BY 1, 2),
            hours AS (
              SELECT f.topic, f.hour, sum(f.letters) OVER span AS letters, sum(f.known) OVER span AS known,
                coalesce(sum(f.letters) OVER (PARTITION BY f.topic ORDER BY f.hour
                  RANGE BETWEEN %3$s + 168 PRECEDING AND %3$s + 1 PRECEDING), 0) AS before,
                least(168, f.hour - %3$s - a.first) AS past,
                least(%3$s + 1, %3$s + extract(epoch FROM %6$s) / 3600 - f.hour) AS lasted
              FROM filled f JOIN ages a ON a.topic = f.topic
              WINDOW span AS (PARTITION BY f.topic ORDER BY f.hour RANGE BETWEEN %3$s PRECEDING AND CURRENT ROW)),
            islands AS (
              SELECT *, hour - row_number() OVER (PARTITION BY topic ORDER BY hour) AS island FROM hours
              WHERE hour > %1$s AND known >= %7$d AND past > 0 AND past >= %3$s AND past + %3$s >= 24
                AND known >= %4$s * before::double precision / past * lasted)
            SELECT c.name AS cluster, t.name AS topic, max(i.letters)::bigint AS letters,
              to_timestamp(min(i.hour) * 3600.0) AS at,
              CASE WHEN max(i.hour) < %2$s THEN to_timestamp((max(i.hour) + 1) * 3600.0) END AS until
            FROM islands i JOIN dead_letter_topic t ON t.id = i.topic JOIN cluster c ON c.id = t.cluster_id
            GROUP BY c.name, t.name, i.topic, i.island ORDER BY at DESC LIMIT 1001""";

    private TopicRateBacktestStore() {}

    /** As {@link TopicRateStore#escalating}, for every hour after {@code from}. @return the latest first, 1,001 at most */
    public static Future<List<Fired>> escalated(
            SqlClient client, @Nullable String query, Duration window, double factor, Instant from, Instant now) {
        var to = new Parameters();
        var sql = ESCALATED.formatted(
                to.bind(TopicRateStore.hour(from)) + "::integer",
                to.bind(TopicRateStore.hour(now)) + "::integer",
                to.bind((int) Math.max(1, window.toHours())) + "::integer",
                to.bind(factor) + "::double precision",
                TopicRateStore.condition(to, query),
                to.bind(now.atOffset(ZoneOffset.UTC)) + "::timestamptz",
                TopicRateStore.LEAST,
                TopicRateStore.TOPICS);
        return LetterBacktestStore.fired(client, sql, to);
    }
}
