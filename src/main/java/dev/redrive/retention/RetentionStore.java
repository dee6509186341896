package dev.redrive.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code retention_rule} and {@code retention_setting}. */
final class RetentionStore {

    /** @param effectiveAt from when on they count: an hour after they were changed, since a purge is for good */
    record Rules(
            int version,
            List<RetentionRule> rules,
            OffsetDateTime updatedAt,
            @Nullable String updatedBy,
            OffsetDateTime effectiveAt,
            boolean effective) {

        Rules {
            rules = List.copyOf(rules);
        }
    }

    /** One statement, so that the version is that of these rules; a row without a position where there is no rule. */
    private static final String FIND = """
            SELECT s.version, s.updated_at, s.updated_by, s.updated_at + interval '1 hour' AS effective_at,
              s.updated_at <= now() - interval '1 hour' AS effective,
              r.position, r.topics, r.statuses, r.failure_group_id, r.keep_seconds, r.purges_open
            FROM retention_setting s LEFT JOIN retention_rule r ON true ORDER BY r.position""";

    private static final String LOCK = "SELECT FROM retention_setting FOR UPDATE";

    private static final String CHANGED = """
            UPDATE retention_setting SET version = version + 1, updated_at = now(), updated_by = $1""";

    private static final String EMPTY = "DELETE FROM retention_rule";

    private static final String ADD = """
            INSERT INTO retention_rule (position, topics, statuses, failure_group_id, keep_seconds, purges_open)
            VALUES ($1, $2, $3, $4, $5, $6)""";

    private static final String GROUPS = "SELECT id FROM failure_group WHERE id = ANY ($1)";

    private final Pool pool;

    RetentionStore(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    Future<Rules> find() {
        return find(pool);
    }

    /** Until the transaction ends nobody else changes them. */
    static Future<Rules> lock(SqlConnection connection) {
        return connection.preparedQuery(LOCK).execute().compose(locked -> find(connection));
    }

    private static Future<Rules> find(SqlClient client) {
        return client.preparedQuery(FIND).execute().map(rows -> {
            var setting = rows.iterator().next();
            return new Rules(
                    setting.getInteger("version"),
                    rows.stream()
                            .filter(row -> row.getInteger("position") != null)
                            .map(RetentionRule::from)
                            .toList(),
                    setting.getOffsetDateTime("updated_at"),
                    setting.getString("updated_by"),
                    setting.getOffsetDateTime("effective_at"),
                    setting.getBoolean("effective"));
        });
    }

    static Future<Void> replace(SqlConnection connection, List<RetentionRule> rules, String actor) {
        return connection
                .preparedQuery(EMPTY)
                .execute()
                .compose(emptied -> add(connection, rules))
                .compose(added -> connection.preparedQuery(CHANGED).execute(Tuple.of(actor)))
                .mapEmpty();
    }

    private static Future<Void> add(SqlConnection connection, List<RetentionRule> rules) {
        var rows = new ArrayList<Tuple>();
        for (var rule : rules) {
            rows.add(Tuple.of(rows.size() + 1)
                    .addArrayOfString(rule.topics().toArray(String[]::new))
                    .addArrayOfString(rule.statuses().stream()
                            .map(status -> status.word())
                            .toArray(String[]::new))
                    .addLong(rule.failureGroup())
                    .addLong(rule.keepFor().seconds())
                    .addBoolean(rule.purgesOpen()));
        }
        return rows.isEmpty()
                ? Future.succeededFuture()
                : connection.preparedQuery(ADD).executeBatch(rows).mapEmpty();
    }

    /** @return the place of the first rule that names a failure group which is not there */
    static Future<Optional<Integer>> unknownGroup(SqlClient client, List<RetentionRule> rules) {
        var named = rules.stream()
                .map(RetentionRule::failureGroup)
                .filter(group -> group != null)
                .toArray(Long[]::new);
        return client.preparedQuery(GROUPS)
                .execute(Tuple.tuple().addArrayOfLong(named))
                .map(rows -> {
                    Set<Long> known =
                            rows.stream().map(row -> row.getLong("id")).collect(Collectors.toSet());
                    for (int i = 0; i < rules.size(); i++) {
                        var group = rules.get(i).failureGroup();
                        if (group != null && !known.contains(group)) {
                            return Optional.of(i);
                        }
                    }
                    return Optional.empty();
                });
    }
}
