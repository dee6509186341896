package dev.redrive.grouping;

import dev.redrive.filter.FilterException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SQL of {@code label_rule}, and of the labels that the rules give. */
final class LabelRuleStore {

    private static final Logger log = LoggerFactory.getLogger(LabelRuleStore.class);

    /** @param author of the latest list, null while there was none */
    record Rules(
            int version,
            List<LabelRule> rules,
            @Nullable String author,
            @Nullable OffsetDateTime updatedAt) {}

    /** @param groups named by each rule; @param written named by somebody, which no rule changes */
    record Preview(List<Long> groups, long unnamed, long written) {}

    private static final int BATCH = 1_000;

    private static final String VERSION = "SELECT version FROM label_rule_list";
    private static final String HOLD = "SELECT version FROM label_rule_list FOR UPDATE";
    /** Together with others who make groups, and not while the list is written. */
    private static final String HOLD_SHARED = "SELECT version FROM label_rule_list FOR SHARE";

    private static final String LIST = "SELECT q, label, author, updated_at FROM label_rule ORDER BY position";
    private static final String CLEAR = "DELETE FROM label_rule";
    private static final String COUNT_UP = "UPDATE label_rule_list SET version = version + 1 RETURNING version";

    private static final String WRITE = """
            INSERT INTO label_rule (position, q, label, author)
            SELECT position, q, label, $3 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS rule (q, label, position)""";

    private static final String FITS =
            "SELECT g.id, %s AS rule FROM failure_group g WHERE g.id = ANY ($%d) ORDER BY g.id";

    private static final String FITS_ALL =
            "SELECT g.id, %s AS rule FROM failure_group g WHERE g.id > $%d ORDER BY g.id LIMIT " + BATCH;

    private static final String PREVIEW = """
            SELECT CASE WHEN s.label IS NULL THEN %s ELSE -1 END AS rule, count(*) AS groups
            FROM failure_group g JOIN failure_group_counter c ON c.failure_group_id = g.id
            LEFT JOIN failure_group_state s ON s.failure_group_id = g.id
            WHERE c.letters > 0 AND s.merged_into IS NULL GROUP BY 1""";

    /** The version stays: it counts what people decide about one group. */
    private static final String NAME = """
            INSERT INTO failure_group_state AS s (failure_group_id, version, rule_label)
            SELECT w.id, 0, w.label FROM unnest($1::bigint[], $2::text[]) AS w (id, label)
            LEFT JOIN failure_group_state o ON o.failure_group_id = w.id
            WHERE o.rule_label IS DISTINCT FROM w.label ORDER BY w.id
            ON CONFLICT (failure_group_id) DO UPDATE SET rule_label = excluded.rule_label""";

    private static final String TELL =
            "SELECT pg_notify('redrive_changed', json_build_object('what', 'failure-groups')::text)";

    private LabelRuleStore() {}

    static Future<Rules> read(Pool pool) {
        return pool.withTransaction(connection -> connection
                .query(VERSION)
                .execute()
                .compose(version -> rules(connection, version.iterator().next().getInteger("version"))));
    }

    /** Nobody writes the list, and no group comes up, before the transaction ends. */
    static Future<Rules> hold(SqlConnection connection) {
        return connection
                .query(HOLD)
                .execute()
                .compose(version -> rules(connection, version.iterator().next().getInteger("version")));
    }

    private static Future<Rules> rules(SqlClient client, int version) {
        return client.query(LIST).execute().map(rows -> {
            var rules = new ArrayList<LabelRule>();
            rows.forEach(row -> rules.add(new LabelRule(row.getString("q"), row.getString("label"))));
            var first = rows.stream().findFirst();
            return new Rules(
                    version,
                    rules,
                    first.map(row -> row.getString("author")).orElse(null),
                    first.map(row -> row.getOffsetDateTime("updated_at")).orElse(null));
        });
    }

    /** @return the new version */
    static Future<Integer> write(SqlConnection connection, List<LabelRule> rules, String author) {
        return connection
                .query(CLEAR)
                .execute()
                .compose(cleared -> connection
                        .preparedQuery(WRITE)
                        .execute(Tuple.tuple()
                                .addArrayOfString(
                                        rules.stream().map(LabelRule::q).toArray(String[]::new))
                                .addArrayOfString(
                                        rules.stream().map(LabelRule::label).toArray(String[]::new))
                                .addString(author)))
                .compose(written -> connection.query(COUNT_UP).execute())
                .map(rows -> rows.iterator().next().getInteger("version"));
    }

    /** Labels groups that were just made. A rule that cannot be read any more is passed over: ingest does not wait for it. */
    static Future<Void> name(SqlConnection connection, List<Long> groups) {
        if (groups.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .query(HOLD_SHARED)
                .execute()
                .compose(version -> rules(connection, version.iterator().next().getInteger("version")))
                .compose(rules -> {
                    if (rules.rules().isEmpty()) {
                        return Future.succeededFuture();
                    }
                    var parameters = new ArrayList<Object>();
                    String fits = firstThatFits(rules.rules(), parameters);
                    parameters.add(groups.toArray(Long[]::new));
                    return connection
                            .preparedQuery(FITS.formatted(fits, parameters.size()))
                            .execute(Tuple.from(parameters))
                            .compose(rows -> name(connection, rules.rules(), rows))
                            .mapEmpty();
                });
    }

    /** Labels every group anew, a thousand at a time. @return how many groups have another label now */
    static Future<Integer> nameAll(SqlConnection connection, List<LabelRule> rules) {
        return nameAll(connection, rules, 0, 0)
                .compose(changed -> connection.query(TELL).execute().map(changed));
    }

    private static Future<Integer> nameAll(SqlConnection connection, List<LabelRule> rules, long after, int before) {
        var parameters = new ArrayList<Object>();
        String fits = firstThatFits(rules, parameters);
        parameters.add(after);
        return connection
                .preparedQuery(FITS_ALL.formatted(fits, parameters.size()))
                .execute(Tuple.from(parameters))
                .compose(rows -> name(connection, rules, rows).compose(changed -> {
                    long last = after;
                    for (var row : rows) {
                        last = row.getLong("id");
                    }
                    return rows.size() < BATCH
                            ? Future.succeededFuture(before + changed)
                            : nameAll(connection, rules, last, before + changed);
                }));
    }

    private static Future<Integer> name(SqlConnection connection, List<LabelRule> rules, Iterable<Row> fitting) {
        var ids = new ArrayList<Long>();
        var labels = new ArrayList<@Nullable String>();
        for (var row : fitting) {
            @Nullable Integer rule = row.getInteger("rule");
            ids.add(row.getLong("id"));
            labels.add(rule == null ? null : rules.get(rule).label());
        }
        return connection
                .preparedQuery(NAME)
                .execute(Tuple.tuple()
                        .addArrayOfLong(ids.toArray(Long[]::new))
                        .addArrayOfString(labels.toArray(String[]::new)))
                .map(named -> named.rowCount());
    }

    static Future<Preview> preview(Pool pool, List<LabelRule> rules) {
        var parameters = new ArrayList<Object>();
        String fits = firstThatFits(rules, parameters);
        return pool.preparedQuery(PREVIEW.formatted(fits))
                .execute(Tuple.from(parameters))
                .map(rows -> {
                    var groups = new Long[rules.size()];
                    Arrays.fill(groups, 0L);
                    long unnamed = 0;
                    long written = 0;
                    for (var row : rows) {
                        @Nullable Integer rule = row.getInteger("rule");
                        long count = row.getLong("groups");
                        if (rule == null) {
                            unnamed = count;
                        } else if (rule < 0) {
                            written = count;
                        } else {
                            groups[rule] = count;
                        }
                    }
                    return new Preview(List.of(groups), unnamed, written);
                });
    }

    /** @return an expression: the place of the first rule that fits {@code g}, null where none does */
    private static String firstThatFits(List<LabelRule> rules, List<Object> parameters) {
        var sql = new StringBuilder("CASE");
        for (int i = 0; i < rules.size(); i++) {
            int bound = parameters.size();
            try {
                sql.append(" WHEN ")
                        .append(GroupFilter.facts(rules.get(i).q(), parameters))
                        .append(" THEN ")
                        .append(i);
            } catch (FilterException invalid) {
                log.warn("Label rule {} is passed over: {}", i + 1, invalid.getMessage());
                sql.append("false THEN ").append(i);
                parameters.subList(bound, parameters.size()).clear();
            }
        }
        return rules.isEmpty() ? "NULL::integer" : sql.append(" END").toString();
    }
}
