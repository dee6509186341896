package dev.redrive.grouping;

import dev.redrive.filter.Field;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code split_rule}, and of the groups that come of it. */
final class SplitRuleStore {

    private static final String MADE_BY_HAND = "\0";

    /** As the group it was split off, with what tells its letters apart as a further part; its fingerprint is nobody's. */
    private static final String CREATE = """
            WITH created AS (
              INSERT INTO failure_group (fingerprint, fingerprint_version, title, message, culprit, origin_topic, topic,
                consumer_group, convention, parts)
              SELECT $2, 0, coalesce($3, title), message, culprit, origin_topic, topic, consumer_group, convention,
                parts || $4::jsonb
              FROM failure_group WHERE id = $1 RETURNING id),
            counted AS (INSERT INTO failure_group_counter (failure_group_id) SELECT id FROM created)
            SELECT id FROM created""";

    /** For every fingerprint whose letters lie in the group now. */
    private static final String ADD = """
            INSERT INTO split_rule (group_id, target_id, split_from, q, author, topics, origins, consumers, conventions,
              classes, causes, errors)
            SELECT f.id, $2, $1::bigint, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM (
              SELECT $1::bigint AS id
              UNION SELECT s.failure_group_id FROM failure_group_state s WHERE s.merged_into = $1::bigint
                AND NOT EXISTS (SELECT FROM split_rule r WHERE r.target_id = s.failure_group_id)) AS f
            ORDER BY 1
            RETURNING group_id""";

    private static final String COUNT =
            "SELECT count(DISTINCT target_id) AS rules FROM split_rule WHERE split_from = $1";

    private static final String LIST = """
            SELECT r.target_id, r.q, r.author, r.created_at, g.title, s.merged_into FROM (
              SELECT DISTINCT ON (target_id) * FROM split_rule WHERE split_from = $1 ORDER BY target_id, id) AS r
            JOIN failure_group g ON g.id = r.target_id
            LEFT JOIN failure_group_state s ON s.failure_group_id = r.target_id
            ORDER BY r.id""";

    private SplitRuleStore() {}

    static Future<Long> create(SqlConnection connection, long source, @Nullable String title, SplitRule rule) {
        var random = UUID.randomUUID();
        var fingerprint = Buffer.buffer(MADE_BY_HAND)
                .appendLong(random.getMostSignificantBits())
                .appendLong(random.getLeastSignificantBits())
                .getBuffer(0, 16);
        var parts = new JsonArray().add(new JsonObject().put("name", "split").put("value", rule.q()));
        return connection
                .preparedQuery(CREATE)
                .execute(Tuple.of(source, fingerprint, title, parts))
                .map(rows -> rows.iterator().next().getLong("id"));
    }

    /** @return the groups whose letters it is asked of */
    static Future<List<Long>> add(SqlConnection connection, long source, long target, SplitRule rule, String author) {
        var values = Tuple.of(source, target, rule.q(), author);
        for (var field : List.of(
                Field.TOPIC, Field.ORIGIN, Field.CONSUMER, Field.CONVENTION, Field.CLASS, Field.CAUSE, Field.ERROR)) {
            var patterns = rule.patterns().get(field);
            values.addArrayOfString(patterns == null ? null : patterns.toArray(String[]::new));
        }
        return connection
                .preparedQuery(ADD)
                .execute(values)
                .map(rows -> rows.stream().map(row -> row.getLong("group_id")).toList());
    }

    static Future<Long> count(SqlConnection connection, long source) {
        return connection
                .preparedQuery(COUNT)
                .execute(Tuple.of(source))
                .map(rows -> rows.iterator().next().getLong("rules"));
    }

    /** @return what was split off the group by a rule, oldest first */
    static Future<List<Row>> list(Pool pool, long source) {
        return pool.preparedQuery(LIST)
                .execute(Tuple.of(source))
                .map(rows -> rows.stream().toList());
    }
}
