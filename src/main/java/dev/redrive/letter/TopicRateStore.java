package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dead-letter topics that get letters much faster than they did in the seven days before, counted by hours of failure. The
 * window is so many whole hours and what has passed of the running one, so that no full hour begins with nothing.
 */
public final class TopicRateStore {

    /** So many topics are named, and one more where there are more. */
    public static final int MOST = 1_000;

    /** Below that a topic is too quiet to say anything about its rate. */
    static final int LEAST = 10;

    /** The largest failure groups of a topic; more would not fit into a message. */
    private static final int MOST_GROUPS = 20;

    /** All that had one name in one cluster are one topic. */
    static final String TOPICS = """
            SELECT t.id AS topic_ref, min(t.id) OVER (PARTITION BY c.name, t.name) AS topic
            FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id""";

    /**
     * Of the hours before, only those of topics that have enough letters now are read, by the primary key. What a topic
     * has in all tells whether it is older than the week; one that is not is compared with as much as there is.
     */
    private static final String ESCALATING = """
            WITH topics AS MATERIALIZED (%8$s),
            fresh AS MATERIALIZED (
              SELECT n.topic, s.failure_group_id, sum(s.letters) AS letters,
                c.first_seen_at < %5$s - interval '1 day' AND coalesce(g.triage, 'none') NOT IN ('resolved', 'snoozed') AS counts
              FROM letter_tally s JOIN letter_kind k ON k.id = s.kind_ref JOIN topics n ON n.topic_ref = k.topic_ref
              JOIN failure_group_counter c ON c.failure_group_id = s.failure_group_id
              LEFT JOIN failure_group_state g ON g.failure_group_id = s.failure_group_id
              WHERE s.hour BETWEEN %1$s - %2$s AND %1$s AND s.letters > 0 AND %4$s
              GROUP BY 1, 2, 4),
            many AS MATERIALIZED (
              SELECT topic, sum(letters) AS letters, sum(letters) FILTER (WHERE counts) AS counted
              FROM fresh GROUP BY 1 HAVING sum(letters) FILTER (WHERE counts) >= %6$d),
            kinds AS MATERIALIZED (
              SELECT k.id, m.topic FROM many m JOIN topics n ON n.topic = m.topic JOIN letter_kind k ON k.topic_ref = n.topic_ref),
            week AS (
              SELECT k.topic, sum(b.letters) AS letters, min(b.first) AS first
              FROM kinds k JOIN (
                SELECT s.kind_ref, sum(s.letters) AS letters, min(s.hour) AS first FROM letter_tally s
                WHERE s.hour >= %1$s - %2$s - 168 AND s.hour < %1$s - %2$s AND s.letters > 0
                  AND s.kind_ref = ANY (ARRAY (SELECT id FROM kinds)) AND %4$s
                GROUP BY 1) AS b ON b.kind_ref = k.id
              GROUP BY 1),
            ever AS (
              SELECT k.topic, sum(s.letters) AS letters
              FROM letter_tally s JOIN kinds k ON k.id = s.kind_ref WHERE s.hour = -1 AND %4$s
              GROUP BY 1),
            rates AS (
              SELECT m.topic, m.letters, m.counted, coalesce(w.letters, 0)::double precision / p.hours AS usual
              FROM many m JOIN ever e ON e.topic = m.topic LEFT JOIN week w ON w.topic = m.topic
              CROSS JOIN LATERAL (
                SELECT CASE WHEN e.letters > coalesce(w.letters, 0) + m.letters THEN 168
                  ELSE %1$s - %2$s - w.first END AS hours) AS p
              WHERE p.hours > 0 AND p.hours >= %2$s AND p.hours + %2$s >= 24)
            SELECT c.name AS cluster, t.name AS topic, r.letters::bigint AS letters, r.usual,
              (SELECT max(id) FROM dead_letter) AS newest,
              (SELECT json_agg(json_build_object('id', g.id, 'title', left(g.title, 300), 'letters', l.letters)
                  ORDER BY l.letters DESC, g.id)::text
                FROM (
                  SELECT f.failure_group_id, f.letters FROM fresh f WHERE f.topic = r.topic
                  ORDER BY f.letters DESC, f.failure_group_id LIMIT %7$d) AS l
                JOIN failure_group g ON g.id = l.failure_group_id) AS groups
            FROM rates r JOIN dead_letter_topic t ON t.id = r.topic JOIN cluster c ON c.id = t.cluster_id
            WHERE r.counted >= %3$s * r.usual * (%2$s + extract(epoch FROM %5$s) / 3600 - %1$s)
            ORDER BY 1, 2 LIMIT %9$d""";

    private TopicRateStore() {}

    /**
     * A topic that escalates.
     *
     * @param cluster the name that the settings give it
     * @param letters all that came since {@code since}, those of new failure groups included
     * @param usual letters an hour in the time before
     * @param newest id of the last letter that there is of any topic
     * @param groups whose letters they are, the largest first, 20 at most
     */
    public record Rise(
            String cluster, String topic, long letters, double usual, Instant since, long newest, List<Part> groups) {
        public Rise {
            groups = List.copyOf(groups);
        }
    }

    /** What a failure group has of it. */
    public record Part(long failureGroupId, String title, long letters) {}

    /** @throws FilterException where the text is no filter over what letters are counted by, their status apart */
    public static void check(@Nullable String query) {
        condition(new Parameters(), query);
    }

    /** @return as SQL, with the aliases of {@link LetterCondition} */
    static String condition(Parameters to, @Nullable String query) {
        var filter = FilterParser.parse(query == null ? "" : query);
        check(filter);
        return new LetterCondition(to, new LetterScope(filter, Instant.EPOCH, null))
                .all(LetterCondition.conjuncts(filter));
    }

    /** What became of letters is no term: of the past little is open, so that every rate of open letters rises. */
    private static void check(Filter filter) {
        if (filter instanceof Match match && Reach.of(match) != Reach.KIND && match.field() != Field.GROUP) {
            throw refused(match.position(), match.end());
        }
        if (filter instanceof Words words) {
            throw refused(words.position(), words.end());
        }
        if (filter instanceof Not not) {
            check(not.part());
        }
        LetterCondition.parts(filter).forEach(TopicRateStore::check);
    }

    private static FilterException refused(int position, int end) {
        return new FilterException(
                position,
                end,
                "Rates are of letters by topic, origin, consumer, class, cause, convention and group alone",
                null);
    }

    /**
     * Letters of failure groups that are less than a day old, resolved or snoozed make no topic escalate: somebody was told
     * of them, or wants to hear nothing. Nor does a topic of which there is less than a day to compare with.
     *
     * @param query narrows the letters of then as well as those of now
     * @param window in hours, 1 or more
     * @return by cluster and topic, 1,001 at most
     */
    public static Future<List<Rise>> escalating(
            SqlClient client, @Nullable String query, Duration window, double factor, Instant now) {
        var to = new Parameters();
        int running = hour(now);
        int hours = (int) Math.max(1, window.toHours());
        var sql = ESCALATING.formatted(
                to.bind(running) + "::integer",
                to.bind(hours) + "::integer",
                to.bind(factor) + "::double precision",
                condition(to, query),
                to.bind(now.atOffset(ZoneOffset.UTC)) + "::timestamptz",
                LEAST,
                MOST_GROUPS,
                TOPICS,
                MOST + 1);
        var since = Instant.ofEpochSecond((running - hours) * 3600L);
        return client.preparedQuery(sql)
                .execute(to.tuple())
                .map(rows -> rows.stream().map(row -> rise(row, since)).toList());
    }

    private static Rise rise(Row row, Instant since) {
        var groups = new JsonArray(row.getString("groups"))
                .stream()
                        .map(JsonObject.class::cast)
                        .map(group -> new Part(group.getLong("id"), group.getString("title"), group.getLong("letters")))
                        .toList();
        return new Rise(
                row.getString("cluster"),
                row.getString("topic"),
                row.getLong("letters"),
                row.getDouble("usual"),
                since,
                row.getLong("newest"),
                groups);
    }

    /** Since 1970. */
    static int hour(Instant time) {
        return (int) Math.floorDiv(time.getEpochSecond(), 3600L);
    }
}
