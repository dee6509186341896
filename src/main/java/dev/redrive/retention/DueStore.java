package dev.redrive.retention;

import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Finds letters that the rules give up: one status at a time, by ascending id along {@code letter_state_by_status}, a
 * page a statement. Locks nothing, so what it says is looked at again under the lock.
 */
final class DueStore {

    /** @param rule from 1. @param bytes of its value */
    record Due(long letterId, int version, int rule, long bytes) {}

    /** @param last where to go on. @param end whether no later letter is old enough */
    record Page(List<Due> due, long last, boolean end) {}

    /** @param due letters by rule, from 1 */
    record Counted(Map<Integer, Long> due, long last, boolean end) {}

    /**
     * A letter is never younger than its ingest. So when the last one of a page came in after the shortest time of all
     * rules began, those behind it are too young as well.
     */
    private static final String JUDGED = """
            WITH page AS MATERIALIZED (
              SELECT letter_id, topic_ref, failure_group_id, home_group_id, version, changed_at FROM letter_state
              WHERE status = $1 AND letter_id > $2 ORDER BY letter_id LIMIT $3),
            fact AS (
              SELECT coalesce(max(letter_id), $2) AS last, count(*) < $3
                OR (SELECT d.ingested_at FROM dead_letter d WHERE d.id = (SELECT max(letter_id) FROM page))
                  >= now() - make_interval(secs => $4) AS is_end
              FROM page),
            judged AS (SELECT letter_id, version, CASE %s END AS rule FROM page)
            """;

    private static final String PAGE = JUDGED + """
            SELECT fact.last, fact.is_end, due.* FROM fact LEFT JOIN (
              SELECT j.letter_id, j.version, j.rule, coalesce(d.value_size, 0) AS bytes
              FROM judged j JOIN dead_letter d ON d.id = j.letter_id WHERE j.rule IS NOT NULL) AS due ON true
            ORDER BY due.letter_id""";

    private static final String COUNTED = JUDGED + """
            SELECT fact.last, fact.is_end, due.* FROM fact LEFT JOIN (
              SELECT rule, count(*) AS letters FROM judged WHERE rule IS NOT NULL GROUP BY rule) AS due ON true""";

    /** As it was when it was found, and nobody has it in hand. */
    private static final String LOCK = """
            SELECT s.letter_id FROM letter_state s
              JOIN unnest($1::bigint[], $2::integer[]) AS due (letter_id, version) ON due.letter_id = s.letter_id
            WHERE s.version = due.version AND s.status NOT IN ('replaying', 'purged')
              AND NOT EXISTS (
                SELECT FROM replay r WHERE r.letter_id = s.letter_id AND r.state IN ('queued', 'sending', 'uncertain'))
            ORDER BY s.letter_id FOR UPDATE OF s SKIP LOCKED""";

    private DueStore() {}

    static Future<Page> page(SqlClient client, List<RetentionRule> rules, Status status, long after, int limit) {
        return run(client, PAGE, rules, status, after, limit).map(rows -> {
            var due = new ArrayList<Due>();
            for (var row : rows) {
                if (row.getLong("letter_id") != null) {
                    due.add(new Due(
                            row.getLong("letter_id"),
                            row.getInteger("version"),
                            row.getInteger("rule"),
                            row.getLong("bytes")));
                }
            }
            return new Page(due, rows.get(0).getLong("last"), isEnd(rows));
        });
    }

    static Future<Counted> count(SqlClient client, List<RetentionRule> rules, Status status, long after, int limit) {
        return run(client, COUNTED, rules, status, after, limit).map(rows -> {
            var due = new TreeMap<Integer, Long>();
            for (var row : rows) {
                if (row.getInteger("rule") != null) {
                    due.put(row.getInteger("rule"), row.getLong("letters"));
                }
            }
            return new Counted(due, rows.get(0).getLong("last"), isEnd(rows));
        });
    }

    private static boolean isEnd(List<Row> rows) {
        return rows.get(0).getBoolean("is_end");
    }

    private static Future<List<Row>> run(
            SqlClient client, String sql, List<RetentionRule> rules, Status status, long after, int limit) {
        long shortest = rules.stream()
                .filter(rule -> rule.statuses().contains(status))
                .mapToLong(seconds())
                .min()
                .orElseThrow();
        var parameters = Tuple.of(status.word(), after, limit, shortest);
        return client.preparedQuery(sql.formatted(verdict(rules, status, parameters)))
                .execute(parameters)
                .map(rows -> rows.stream().toList());
    }

    private static ToLongFunction<RetentionRule> seconds() {
        return rule -> rule.keepFor().seconds();
    }

    /** The first rule that fits decides; whether the letter is old enough for it is another question. */
    private static String verdict(List<RetentionRule> rules, Status status, Tuple parameters) {
        var cases = new StringBuilder();
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (rule.statuses().contains(status)) {
                cases.append("WHEN true");
                if (!rule.topics().isEmpty()) {
                    parameters.addArrayOfString(
                            rule.topics().stream().map(DueStore::pattern).toArray(String[]::new));
                    cases.append(" AND topic_ref IN (SELECT id FROM dead_letter_topic WHERE name LIKE ANY ($")
                            .append(parameters.size())
                            .append("::text[]))");
                }
                if (rule.failureGroup() != null) {
                    parameters.addLong(rule.failureGroup());
                    // Also where it was merged into another one: nobody merges in order to keep letters shorter.
                    cases.append(" AND $").append(parameters.size());
                    cases.append("::bigint IN (failure_group_id, home_group_id)");
                }
                parameters.addLong(rule.keepFor().seconds());
                cases.append(" THEN CASE WHEN changed_at < now() - make_interval(secs => $")
                        .append(parameters.size())
                        .append(") THEN ")
                        .append(i + 1)
                        .append(" END ");
            }
        }
        return cases.toString();
    }

    /** {@code *} stands for any characters; nothing else is special. */
    static String pattern(String topic) {
        return topic.replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_")
                .replace("*", "%");
    }

    /** @return those that are held now, ascending */
    static Future<List<Long>> lock(SqlConnection connection, List<Due> due) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.tuple()
                        .addArrayOfLong(due.stream().map(Due::letterId).toArray(Long[]::new))
                        .addArrayOfInteger(due.stream().map(Due::version).toArray(Integer[]::new)))
                .map(rows -> rows.stream().map(row -> row.getLong("letter_id")).toList());
    }
}
