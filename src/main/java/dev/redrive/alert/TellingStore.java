package dev.redrive.alert;

import dev.redrive.alert.Episode.Suppression;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The SQL of {@code alert} for whoever tells: what is due, and what was told. */
final class TellingStore {

    /** More than that wait for the next message. */
    private static final int MOST = 5_000;

    /**
     * What {@link Episode} and {@link AlertRule} say, so that most looks end here. That an endpoint takes nothing is told
     * by {@link DeadAlert} the moment it is found out; its alert is there to be seen.
     */
    private static final String DUE = """
            SELECT DISTINCT r.id FROM alert_rule r JOIN alert a ON a.rule_id = r.id
            WHERE (a.state <> 'resolved' OR a.told = 'firing') AND r.condition <> 'delivery-dead'
              AND (r.told_at IS NULL OR r.told_at <= $1::timestamptz - make_interval(secs => r.group_interval_seconds)
                OR r.told_at >= $1::timestamptz + make_interval(secs => r.group_interval_seconds)
                OR r.condition = 'new-group' AND NOT EXISTS (
                  SELECT FROM alert t WHERE t.rule_id = a.rule_id AND t.topic = a.topic
                    AND t.told_at > $1::timestamptz - make_interval(secs => r.group_interval_seconds)
                    AND t.told_at < $1::timestamptz + make_interval(secs => r.group_interval_seconds)))
              AND (a.state = 'firing' AND a.told IS NULL AND a.acknowledged_at IS NULL
                  AND (a.fired_at <= $1::timestamptz - make_interval(secs => r.group_wait_seconds)
                    OR a.fired_at >= $1::timestamptz + make_interval(secs => r.group_wait_seconds))
                OR a.state = 'firing' AND a.told = 'firing' AND NOT a.moment AND a.acknowledged_at IS NULL
                  AND a.calm_since IS NULL AND r.repeat_seconds > 0
                  AND a.told_at <= $1::timestamptz - make_interval(secs => r.repeat_seconds)
                OR a.state = 'resolved' AND a.told = 'firing' AND NOT a.moment)
            ORDER BY r.id""";

    /** What somebody has still to be told of, and first what nobody was told of: a storm that was told hides nothing new. */
    private static final String IN_HAND = """
            SELECT * FROM alert
            WHERE rule_id = $1 AND (state <> 'resolved' OR told = 'firing')
              AND (state = 'firing' AND told IS NULL AND acknowledged_at IS NULL OR told = 'firing' AND NOT moment)
            ORDER BY told IS NOT NULL, state = 'firing', told_at, id LIMIT %d FOR NO KEY UPDATE""".formatted(MOST);

    private static final String OVER = "SELECT * FROM alert WHERE id = ANY ($1) AND state = 'resolved' ORDER BY id";

    private static final String TOLD_TOPICS =
            "SELECT DISTINCT topic FROM alert WHERE rule_id = $1 AND told_at > $2 AND told_at < $3 AND topic IS NOT NULL";

    private static final String STILL_FIRING = """
            SELECT DISTINCT told_as FROM alert
            WHERE rule_id = $1 AND state <> 'resolved' AND told = 'firing' AND told_as = ANY ($2)""";

    /** A topic that escalates says nothing while it waits to be told for so long, or where a silence keeps it back. */
    private static final String INHIBITING = """
            SELECT a.id, a.condition, a.cluster, a.subject_kind || ' ' || a.subject_id AS subject, a.title,
              CASE a.condition WHEN 'topic-escalating' THEN a.data ELSE '{}' END AS data, r.endpoint_ids
            FROM alert a LEFT JOIN alert_rule r ON r.id = a.rule_id
            WHERE a.state <> 'resolved' AND (a.condition IN ('cluster-unreachable', 'stuck-consumer')
              OR a.condition = 'topic-escalating' AND a.state = 'firing' AND a.suppressed_by IS DISTINCT FROM 'silence')
            ORDER BY a.id""";

    private static final String TOLD = """
            UPDATE alert a SET told = CASE a.state WHEN 'resolved' THEN 'resolved' ELSE 'firing' END, told_as = t.told_as,
              told_at = $3, suppressed_by = NULL, suppressed_id = NULL, suppressed_what = NULL
            FROM unnest($1::bigint[], $2::text[]) AS t (id, told_as) WHERE a.id = t.id""";

    private static final String SUPPRESSED = """
            UPDATE alert SET suppressed_by = $2, suppressed_id = $3, suppressed_what = $4 WHERE id = $1""";

    private static final String FREEZE = """
            UPDATE alert a SET count = t.count, path = t.path FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS t (id, count, path)
            WHERE a.id = t.id""";

    /**
     * @param condition of the alert that inhibits
     * @param data what it says
     * @param endpoints whom its rule tells; none: every active one
     */
    record Inhibiting(
            long id,
            Condition condition,
            String cluster,
            String subject,
            String title,
            JsonObject data,
            Set<Integer> endpoints) {}

    private TellingStore() {}

    /** @return rules that have something to tell now, or keep it back again */
    static Future<List<Long>> due(SqlClient client, Instant now) {
        return client.preparedQuery(DUE)
                .execute(Tuple.of(AlertRuleStore.utc(now)))
                .map(rows -> rows.stream().map(row -> row.getLong("id")).toList());
    }

    /** What of a rule fires and may have to be told, now or again, or whose end is not told. Locked until the transaction ends. */
    static Future<List<Episode>> inHand(SqlConnection connection, long ruleId) {
        return connection
                .preparedQuery(IN_HAND)
                .execute(Tuple.of(ruleId))
                .map(rows -> rows.stream().map(Episode::from).toList());
    }

    /** @return those of the alerts that are over */
    static Future<List<Episode>> over(SqlConnection connection, Collection<Long> ids) {
        return connection
                .preparedQuery(OVER)
                .execute(Tuple.tuple().addValue(ids.toArray(Long[]::new)))
                .map(rows -> rows.stream().map(Episode::from).toList());
    }

    /** @return topics of which the rule has told something within the interval */
    static Future<Set<String>> toldTopics(SqlConnection connection, long ruleId, Duration interval, Instant now) {
        return connection
                .preparedQuery(TOLD_TOPICS)
                .execute(Tuple.of(
                        ruleId, AlertRuleStore.utc(now.minus(interval)), AlertRuleStore.utc(now.plus(interval))))
                .map(rows -> rows.stream().map(row -> row.getString("topic")).collect(Collectors.toUnmodifiableSet()));
    }

    /** @return those of the outbox's episodes in which an alert of the rule still fires */
    static Future<Set<String>> stillFiring(SqlConnection connection, long ruleId, Collection<String> toldAs) {
        return connection
                .preparedQuery(STILL_FIRING)
                .execute(Tuple.of(ruleId).addValue(toldAs.toArray(String[]::new)))
                .map(rows ->
                        rows.stream().map(row -> row.getString("told_as")).collect(Collectors.toUnmodifiableSet()));
    }

    /** What keeps others quiet while it is open, whether it fires yet or not. */
    static Future<List<Inhibiting>> inhibiting(SqlConnection connection) {
        return connection
                .query(INHIBITING)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> new Inhibiting(
                                row.getLong("id"),
                                Condition.of(row.getString("condition")),
                                String.valueOf(row.getString("cluster")),
                                row.getString("subject"),
                                row.getString("title"),
                                new JsonObject(row.getString("data")),
                                endpoints(row)))
                        .toList());
    }

    private static Set<Integer> endpoints(Row row) {
        var ids = row.getArrayOfIntegers("endpoint_ids");
        return ids == null ? Set.of() : Set.of(ids);
    }

    /** @param toldAs the outbox's episode by the id of the alert */
    static Future<Void> told(SqlConnection connection, Map<Long, String> toldAs, Instant now) {
        var ordered = new HashMap<>(toldAs);
        var ids = ordered.keySet().toArray(Long[]::new);
        var episodes = new String[ids.length];
        for (int i = 0; i < ids.length; i++) {
            episodes[i] = ordered.get(ids[i]);
        }
        return connection
                .preparedQuery(TOLD)
                .execute(Tuple.tuple().addValue(ids).addValue(episodes).addValue(AlertRuleStore.utc(now)))
                .mapEmpty();
    }

    static Future<Void> suppressed(SqlConnection connection, long id, Suppression by) {
        return connection
                .preparedQuery(SUPPRESSED)
                .execute(Tuple.of(id, by.kind()).addValue(by.id()).addValue(by.what()))
                .mapEmpty();
    }

    /** Keeps what is told for the first time: as many letters as there are by now, and the way to these. */
    static Future<Void> freeze(SqlConnection connection, List<Episode> alerts) {
        return connection
                .preparedQuery(FREEZE)
                .execute(Tuple.tuple()
                        .addValue(alerts.stream().map(Episode::id).toArray(Long[]::new))
                        .addValue(alerts.stream().map(Episode::count).toArray(Long[]::new))
                        .addValue(alerts.stream().map(Episode::path).toArray(String[]::new)))
                .mapEmpty();
    }
}
