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

    /** Counted in halves of the window, two by two: a burst may lie across the border of a window. */
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
            islands AS (
              SELECT topic_ref, half, letters,
                half - row_number() OVER (PARTITION BY topic_ref ORDER BY half) AS island
              FROM windows WHERE letters >= %3$s)
            SELECT c.name AS cluster, t.name AS topic, max(i.letters)::bigint AS letters,
              to_timestamp(min(i.half) * %1$s) AS at, to_timestamp((max(i.half) + 2) * %1$s) AS until
            FROM islands i JOIN dead_letter_topic t ON t.id = i.topic_ref JOIN cluster c ON c.id = t.cluster_id
            GROUP BY c.name, t.name, i.topic_ref, i.island ORDER BY at DESC LIMIT 1001""";

    /** A letter that somebody handled was open until its last change. */
    private static final String WAITED = """
            SELECT c.name AS cluster, t.name AS topic, count(*) AS letters, min(m.due_at) AS at,
              CASE WHEN bool_or(m.status = 'open') THEN NULL ELSE max(m.changed_at) END AS until
            FROM (
              SELECT d.topic_ref, s.status, s.changed_at, d.failed_at + make_interval(secs => %1$s) AS due_at
              FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
              WHERE s.failed_hour BETWEEN floor(extract(epoch FROM %2$s - make_interval(secs => %1$s)) / 3600)
                  AND floor(extract(epoch FROM %3$s - make_interval(secs => %1$s)) / 3600)
                AND %4$s
              ORDER BY s.letter_id DESC LIMIT %5$d) AS m
            JOIN dead_letter_topic t ON t.id = m.topic_ref JOIN cluster c ON c.id = t.cluster_id
            WHERE m.due_at > %2$s AND m.due_at <= %3$s AND (m.status = 'open' OR m.changed_at > m.due_at)
            GROUP BY 1, 2 ORDER BY at DESC LIMIT 1001""";

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

    /** @throws FilterException as {@link LetterWatchStore#checkWaiting} */
    public static Future<List<Fired>> waited(
            SqlClient client, @Nullable String query, Duration age, Instant from, Instant now) {
        var to = new Parameters();
        var seconds = to.bind((double) age.toSeconds()) + "::double precision";
        var since = to.bind(utc(from)) + "::timestamptz";
        var until = to.bind(utc(now)) + "::timestamptz";
        return fired(client, WAITED.formatted(seconds, since, until, condition(to, query, now), MOST), to);
    }

    private static String condition(Parameters to, @Nullable String query, Instant now) {
        var filter = FilterParser.parse(query == null ? "" : query);
        return new LetterCondition(to, new LetterScope(filter, now, null)).all(LetterCondition.conjuncts(filter));
    }

    private static Future<List<Fired>> fired(SqlClient client, String sql, Parameters to) {
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
