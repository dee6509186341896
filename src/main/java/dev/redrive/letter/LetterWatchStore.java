package dev.redrive.letter;

import dev.redrive.filter.Filter;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Letters that arrived and letters that wait, by dead-letter topic, for whoever decides what is worth an alert. A filter
 * that cannot be read is refused; none of these ever looks at bytes.
 */
public final class LetterWatchStore {

    /** So many of the newest are looked at. */
    private static final int MOST = 200_000;

    /** One mark a minute, and none where it is there. */
    private static final String MARK = """
            INSERT INTO letter_mark SELECT $1::timestamptz, coalesce(max(id), 0) FROM dead_letter
            WHERE NOT EXISTS (SELECT FROM letter_mark WHERE at > $1::timestamptz - interval '1 minute')
            ON CONFLICT (at) DO NOTHING""";

    private static final String FORGET = "DELETE FROM letter_mark WHERE at < $1::timestamptz - interval '8 days'";

    /** Ids grow with the arrival, but for letters whose transactions were open at a mark: a moment's worth. */
    private static final String ARRIVED = """
            SELECT c.name AS cluster, t.name AS topic, count(*) AS letters, min(m.ingested_at) AS since,
              (SELECT max(id) FROM dead_letter) AS newest
            FROM (
              SELECT d.topic_ref, d.ingested_at FROM dead_letter d JOIN letter_state s ON s.letter_id = d.id
              WHERE d.id > coalesce(
                  (SELECT letter_id FROM letter_mark WHERE at <= %1$s ORDER BY at DESC LIMIT 1),
                  (SELECT letter_id FROM letter_mark ORDER BY at LIMIT 1), 0)
                AND d.ingested_at > %1$s AND %2$s
              ORDER BY d.id DESC LIMIT %3$d) AS m
            JOIN dead_letter_topic t ON t.id = m.topic_ref JOIN cluster c ON c.id = t.cluster_id
            GROUP BY 1, 2 ORDER BY 1, 2""";

    /** Of the one hour that is looked at letter by letter. */
    private static final int MOST_OF_AN_HOUR = 10_000;

    /**
     * Whole hours out of the tallies, where groups without open letters are passed over; of the hour in which the age
     * lies the letters themselves, and none where nothing of that hour is open.
     */
    private static final String WAITING = """
            SELECT c.name AS cluster, t.name AS topic, sum(w.letters)::bigint AS letters, min(w.since) AS since,
              (SELECT max(id) FROM dead_letter) AS newest
            FROM (
              SELECT k.topic_ref, sum(s.letters) AS letters, to_timestamp(min(s.hour) * 3600.0) AS since
              FROM failure_group_counter g
              JOIN letter_tally s ON s.failure_group_id = g.failure_group_id
              JOIN letter_kind k ON k.id = s.kind_ref
              WHERE g.open > 0 AND s.status = 'open' AND s.letters > 0 AND s.hour BETWEEN 0 AND %1$s - 1 AND %3$s
              GROUP BY 1
              UNION ALL
              SELECT m.topic_ref, count(*), min(m.failed_at) FROM (
                SELECT s.topic_ref, d.failed_at FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
                WHERE s.failed_hour = %1$s AND s.status = 'open' AND d.failed_at <= %2$s AND %3$s
                  AND EXISTS (SELECT FROM letter_tally n WHERE n.hour = %1$s AND n.status = 'open' AND n.letters > 0)
                ORDER BY s.letter_id LIMIT %4$d) AS m
              GROUP BY 1) AS w
            JOIN dead_letter_topic t ON t.id = w.topic_ref JOIN cluster c ON c.id = t.cluster_id
            GROUP BY 1, 2 ORDER BY 1, 2""";

    private static final String NEWEST = "SELECT coalesce(max(id), 0) AS newest FROM dead_letter";

    private LetterWatchStore() {}

    /**
     * Letters of one topic.
     *
     * @param cluster the name that the settings give it
     * @param since when the first of them arrived or failed; that to the hour where it is counted by hours
     * @param newest id of the last letter that there is of any topic: what comes later was not counted
     */
    public record OfTopic(String cluster, String topic, long letters, Instant since, long newest) {}

    /** @throws FilterException where the text is no filter over what is known of letters without their bytes */
    public static void checkArrived(@Nullable String query) {
        parse(query, Reach.RECORD, "A rule cannot look into every record");
    }

    /** @throws FilterException where the text is no filter over what is counted of letters */
    public static void checkWaiting(@Nullable String query) {
        parse(
                query,
                Reach.TALLY,
                "Letters that wait are counted by topic, origin, consumer, class, cause, convention and"
                        + " group alone");
    }

    /** Notes which letters have arrived by now, and forgets old notes. */
    public static Future<Void> mark(SqlClient client, Instant now) {
        return client.preparedQuery(MARK)
                .execute(Tuple.of(utc(now)))
                .compose(marked -> client.preparedQuery(FORGET).execute(Tuple.of(utc(now))))
                .mapEmpty();
    }

    /** @return id of the last letter that there is, as the client sees it; 0 where there is none */
    public static Future<Long> newest(SqlClient client) {
        return client.query(NEWEST).execute().map(rows -> rows.iterator().next().getLong("newest"));
    }

    /** @return letters that arrived after {@code since} and fit, by topic; of the newest 200,000 */
    public static Future<List<OfTopic>> arrived(SqlClient client, @Nullable String query, Instant since, Instant now) {
        var to = new Parameters();
        var at = to.bind(utc(since)) + "::timestamptz";
        var filter = parse(query, Reach.RECORD, "A rule cannot look into every record");
        return ofTopics(client, ARRIVED.formatted(at, condition(to, filter, now), MOST), to);
    }

    /** @return open letters that failed longer ago than the age and fit, by topic; of the youngest hour 10,000 at most */
    public static Future<List<OfTopic>> waiting(SqlClient client, @Nullable String query, Duration age, Instant now) {
        var to = new Parameters();
        var failed = now.minus(age);
        var hour = to.bind((int) (failed.getEpochSecond() / 3600)) + "::integer";
        var at = to.bind(utc(failed)) + "::timestamptz";
        var filter = parse(query, Reach.TALLY, "Not counted");
        return ofTopics(client, WAITING.formatted(hour, at, condition(to, filter, now), MOST_OF_AN_HOUR), to);
    }

    private static Filter parse(@Nullable String query, Reach reach, String otherwise) {
        var filter = FilterParser.parse(query == null ? "" : query);
        for (var part : LetterCondition.conjuncts(filter)) {
            if (!Reach.of(part).isWithin(reach)) {
                throw new FilterException(0, query == null ? 0 : query.length(), otherwise, null);
            }
        }
        condition(new Parameters(), filter, Instant.EPOCH);
        return filter;
    }

    /** Nobody asks, so {@code is:mine} is refused. */
    private static String condition(Parameters to, Filter filter, Instant now) {
        return new LetterCondition(to, new LetterScope(filter, now, null)).all(LetterCondition.conjuncts(filter));
    }

    private static Future<List<OfTopic>> ofTopics(SqlClient client, String sql, Parameters to) {
        return client.preparedQuery(sql)
                .execute(to.tuple())
                .map(rows -> rows.stream()
                        .map(row -> new OfTopic(
                                row.getString("cluster"),
                                row.getString("topic"),
                                row.getLong("letters"),
                                row.getOffsetDateTime("since").toInstant(),
                                row.getLong("newest")))
                        .toList());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
