package dev.redrive.letter;

import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a rule about letters would have fired, by what is still stored of them. */
public final class LetterBacktestStore {

    /** So many of the newest are looked at. */
    private static final int MOST = 200_000;

    /**
     * Counted in halves of the window, two by two: a burst may lie across the border of a window. One that comes before
     * the last has left the window keeps the same alert open.
     */
    private static final String MANY = """
            WITH halves AS (
              SELECT topic_ref, floor(extract(epoch FROM ingested_at) / %1$s)::bigint AS half, count(*) AS letters
              FROM (
                SELECT d.topic_ref, d.ingested_at FROM dead_letter d JOIN letter_state s ON s.letter_id = d.id
                WHERE d.id > coalesce(
                    (SELECT letter_id FROM letter_mark WHERE at <= %2$s ORDER BY at DESC LIMIT 1),
                    (SELECT letter_id FROM letter_mark ORDER BY at LIMIT 1), 0)
                  AND d.ingested_at > %2$s AND %4$s
                ORDER BY d.id DESC LIMIT %5$d) AS newest
              GROUP BY 1, 2),
            windows AS (
              SELECT topic_ref, half, letters + coalesce(lead(letters) OVER topic
                * (lead(half) OVER topic = half + 1)::integer, 0) AS letters
              FROM halves WINDOW topic AS (PARTITION BY topic_ref ORDER BY half)),
            begun AS (
              SELECT topic_ref, half, letters,
                (half - lag(half) OVER (PARTITION BY topic_ref ORDER BY half) > 2) IS NOT FALSE AS begins
              FROM windows WHERE letters >= %3$s),
            islands AS (
              SELECT topic_ref, half, letters,
                count(*) FILTER (WHERE begins) OVER (PARTITION BY topic_ref ORDER BY half) AS island
              FROM begun)
            SELECT c.name AS cluster, t.name AS topic, max(i.letters)::bigint AS letters,
              to_timestamp(min(i.half) * %1$s) AS at, to_timestamp((max(i.half) + 2) * %1$s) AS until
            FROM islands i JOIN dead_letter_topic t ON t.id = i.topic_ref JOIN cluster c ON c.id = t.cluster_id
            GROUP BY c.name, t.name, i.topic_ref, i.island ORDER BY at DESC LIMIT 1001""";

    /**
     * How many letters of a topic wait goes up with each that becomes old enough and down with each that somebody
     * handles; one that was handled was open until its last change. What waited already when the time began is counted
     * by the hour. It fires from where enough wait to where they do no more.
     */
    private static final String WAITED = """
            WITH waits AS (
              SELECT topic_ref, due_at, CASE WHEN status <> 'open' THEN changed_at END AS until
              FROM (
                SELECT s.topic_ref, s.status, s.changed_at, d.failed_at + make_interval(secs => %1$s) AS due_at
                FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
                WHERE s.failed_hour BETWEEN floor(extract(epoch FROM %2$s - make_interval(secs => %1$s)) / 3600)
                    AND floor(extract(epoch FROM %3$s - make_interval(secs => %1$s)) / 3600)
                  AND %4$s
                ORDER BY s.letter_id DESC LIMIT %5$d) AS m
              WHERE due_at > %2$s AND due_at <= %3$s AND (status = 'open' OR changed_at > due_at)),
            steps AS (
              SELECT topic_ref, due_at AS at, 1 AS step FROM waits
              UNION ALL SELECT topic_ref, until, -1 FROM waits WHERE until IS NOT NULL
              UNION ALL SELECT k.topic_ref, %2$s, s.letters FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref
                WHERE s.status = 'open' AND s.letters > 0 AND %4$s AND s.hour BETWEEN 0
                  AND floor(extract(epoch FROM %2$s - make_interval(secs => %1$s)) / 3600) - 1),
            counts AS (
              SELECT topic_ref, at, sum(sum(step)) OVER (PARTITION BY topic_ref ORDER BY at) AS letters
              FROM steps GROUP BY topic_ref, at),
            marked AS (
              SELECT *, letters >= %6$s AS holds,
                coalesce(lag(letters) OVER (PARTITION BY topic_ref ORDER BY at) >= %6$s, false) AS held
              FROM counts),
            episodes AS (
              SELECT *, count(*) FILTER (WHERE holds AND NOT held) OVER (PARTITION BY topic_ref ORDER BY at) AS episode
              FROM marked WHERE holds OR held)
            SELECT c.name AS cluster, t.name AS topic, max(e.letters)::bigint AS letters, min(e.at) AS at,
              max(e.at) FILTER (WHERE NOT e.holds) AS until
            FROM episodes e JOIN dead_letter_topic t ON t.id = e.topic_ref JOIN cluster c ON c.id = t.cluster_id
            GROUP BY c.name, t.name, e.topic_ref, e.episode ORDER BY at DESC LIMIT 1001""";

    private LetterBacktestStore() {}

    /** @param until null where it would still fire */
    public record Fired(
            String cluster,
            String topic,
            long letters,
            Instant at,
            @Nullable Instant until) {}

    /** @throws FilterException as {@link LetterWatchStore#checkArrived} */
    public static Future<List<Fired>> many(
            SqlClient client, @Nullable String query, Duration window, long least, Instant from, Instant now) {
        var to = new Parameters();
        var half = to.bind(window.toSeconds() / 2.0) + "::double precision";
        var since = to.bind(utc(from)) + "::timestamptz";
        var atLeast = to.bind(least) + "::bigint";
        return fired(client, MANY.formatted(half, since, atLeast, condition(to, query, now), MOST), to);
    }

    /**
     * @param least how many letters of a topic have to wait
     * @throws FilterException as {@link LetterWatchStore#checkWaiting}
     */
    public static Future<List<Fired>> waited(
            SqlClient client, @Nullable String query, Duration age, long least, Instant from, Instant now) {
        var to = new Parameters();
        var seconds = to.bind((double) age.toSeconds()) + "::double precision";
        var since = to.bind(utc(from)) + "::timestamptz";
        var until = to.bind(utc(now)) + "::timestamptz";
        var atLeast = to.bind(least) + "::bigint";
        return fired(client, WAITED.formatted(seconds, since, until, condition(to, query, now), MOST, atLeast), to);
    }

    private static String condition(Parameters to, @Nullable String query, Instant now) {
        var filter = FilterParser.parse(query == null ? "" : query);
        return new LetterCondition(to, new LetterScope(filter, now, null)).all(LetterCondition.conjuncts(filter));
    }

    static Future<List<Fired>> fired(SqlClient client, String sql, Parameters to) {
        return client.preparedQuery(sql)
                .execute(to.tuple())
                .map(rows -> rows.stream()
                        .map(row -> {
                            var until = row.getOffsetDateTime("until");
                            return new Fired(
                                    row.getString("cluster"),
                                    row.getString("topic"),
                                    row.getLong("letters"),
                                    row.getOffsetDateTime("at").toInstant(),
                                    until == null ? null : until.toInstant());
                        })
                        .toList());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
