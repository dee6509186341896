package dev.redrive.grouping;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The SQL of which failure group was merged into which. Where their letters lie is changed by {@link LetterMoveStore}. */
final class GroupMergeStore {

    /** @param version 0 while nothing was decided; @param splitOff whether somebody made it by a split */
    record Held(
            long id,
            String title,
            int version,
            long letters,
            @Nullable Long mergedInto,
            boolean splitOff) {

        static Held from(Row row) {
            return new Held(
                    row.getLong("id"),
                    row.getString("title"),
                    row.getInteger("version"),
                    row.getLong("letters"),
                    row.getLong("merged_into"),
                    row.getBoolean("split_off"));
        }
    }

    private static final int MOST_COUNTED = 10_000;

    /**
     * Against whoever stores letters that may come to lie in one of the groups: those of groups that were merged into
     * one of them, and of fingerprints that a split sends there.
     */
    private static final String HOLD = """
            WITH RECURSIVE held (id) AS (
              SELECT unnest($1::bigint[])
              UNION SELECT m.failure_group_id FROM held JOIN failure_group_state m ON m.merged_into = held.id)
            SELECT g.id FROM failure_group g
            WHERE g.id IN (
              SELECT id FROM held UNION SELECT r.group_id FROM held JOIN split_rule r ON r.target_id = held.id)
            ORDER BY g.id FOR UPDATE""";

    private static final String FIND = """
            SELECT g.id, g.title, coalesce(s.version, 0) AS version, coalesce(c.letters, 0) AS letters, s.merged_into,
              EXISTS (SELECT FROM split_rule r WHERE r.target_id = g.id) AS split_off
            FROM failure_group g LEFT JOIN failure_group_state s ON s.failure_group_id = g.id
            LEFT JOIN failure_group_counter c ON c.failure_group_id = g.id
            WHERE g.id = ANY ($1)""";

    private static final String TOUCH = """
            INSERT INTO failure_group_state AS s (failure_group_id) VALUES ($1)
            ON CONFLICT (failure_group_id) DO UPDATE SET version = s.version + 1""";

    /** What was merged into a group before goes with it, and knows under what. */
    private static final String MERGE = """
            INSERT INTO failure_group_state AS s (failure_group_id, merged_into, merged_under)
            SELECT id, $2::bigint, CASE WHEN id = ANY ($1) THEN $2::bigint END FROM failure_group WHERE id = ANY ($1)
              OR id IN (SELECT failure_group_id FROM failure_group_state WHERE merged_into = ANY ($1))
            ON CONFLICT (failure_group_id) DO UPDATE SET merged_into = excluded.merged_into,
              merged_under = coalesce(excluded.merged_under, s.merged_under), version = s.version + 1""";

    /** A group comes out with what was merged into it before; that lies in it again. */
    private static final String SPLIT = """
            WITH RECURSIVE out (id, root) AS (
              SELECT failure_group_id, failure_group_id FROM failure_group_state
              WHERE failure_group_id = ANY ($1) AND merged_into = $2
              UNION ALL
              SELECT s.failure_group_id, out.root FROM out JOIN failure_group_state s ON s.merged_under = out.id
              WHERE s.failure_group_id <> ALL ($1))
            UPDATE failure_group_state s SET merged_into = nullif(out.root, out.id),
              merged_under = CASE WHEN out.root = out.id THEN NULL ELSE s.merged_under END, version = s.version + 1
            FROM out WHERE s.failure_group_id = out.id
            RETURNING s.failure_group_id""";

    private static final String AWAY = """
            SELECT count(*) AS letters FROM letter_state WHERE home_group_id = ANY ($1)""";

    private static final String AWAY_LETTERS = """
            SELECT letter_id FROM unnest($1::bigint[]) AS home (id), LATERAL (
              SELECT s.letter_id FROM letter_state s WHERE s.home_group_id = home.id AND s.letter_id < $2
              ORDER BY s.letter_id DESC LIMIT $3) AS away
            ORDER BY letter_id DESC LIMIT $3""";

    /** How many letters are theirs is counted to a bound. */
    private static final String MERGED = """
            SELECT g.id, g.title, g.message, g.topic, g.consumer_group, s.merged_under, (
              SELECT count(*) FROM (
                SELECT 1 FROM letter_state l WHERE l.home_group_id = g.id LIMIT %d) AS counted) AS letters
            FROM failure_group_state s JOIN failure_group g ON g.id = s.failure_group_id
            WHERE s.merged_into = $1 ORDER BY g.id LIMIT 200""".formatted(MOST_COUNTED + 1);

    private static final String TELL = """
            SELECT pg_notify('redrive_changed', json_build_object('what', 'failure-groups', 'ids', $1::jsonb)::text)""";

    private GroupMergeStore() {}

    /**
     * Nobody stores letters of these groups, merges or splits them until the transaction ends. Twice, because what had
     * been merged into one of them meanwhile is only seen when that one is held.
     */
    static Future<Map<Long, Held>> hold(SqlConnection connection, List<Long> ids) {
        var values = Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new));
        return connection
                .preparedQuery(HOLD)
                .execute(values)
                .compose(held -> connection.preparedQuery(HOLD).execute(values))
                .compose(held ->
                        connection.preparedQuery(FIND).mapping(Held::from).execute(values))
                .map(rows -> {
                    var found = new HashMap<Long, Held>();
                    rows.forEach(group -> found.put(group.id(), group));
                    return found;
                });
    }

    /** The group's ETag is another one from now on. */
    static Future<Void> touch(SqlConnection connection, long id) {
        return connection.preparedQuery(TOUCH).execute(Tuple.of(id)).mapEmpty();
    }

    static Future<Void> merge(SqlConnection connection, List<Long> ids, long survivor) {
        return connection
                .preparedQuery(MERGE)
                .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)).addLong(survivor))
                .mapEmpty();
    }

    /** @return the groups that came out, and what is merged into them */
    static Future<List<Long>> split(SqlConnection connection, List<Long> ids, long survivor) {
        return connection
                .preparedQuery(SPLIT)
                .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)).addLong(survivor))
                .map(rows -> rows.stream()
                        .map(row -> row.getLong("failure_group_id"))
                        .toList());
    }

    static Future<Long> away(SqlConnection connection, List<Long> homes) {
        return connection
                .preparedQuery(AWAY)
                .execute(Tuple.tuple().addArrayOfLong(homes.toArray(Long[]::new)))
                .map(rows -> rows.iterator().next().getLong("letters"));
    }

    /** @return letters that belong to these groups and lie in others, highest first */
    static Future<List<Long>> away(SqlConnection connection, List<Long> homes, long below, int limit) {
        return connection
                .preparedQuery(AWAY_LETTERS)
                .execute(Tuple.tuple()
                        .addArrayOfLong(homes.toArray(Long[]::new))
                        .addLong(below)
                        .addInteger(limit))
                .map(rows -> rows.stream().map(row -> row.getLong("letter_id")).toList());
    }

    static Future<List<Row>> merged(Pool pool, long id) {
        return pool.preparedQuery(MERGED)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().toList());
    }

    static boolean isCountedWhole(long letters) {
        return letters <= MOST_COUNTED;
    }

    static Future<Void> tell(SqlConnection connection, List<Long> ids) {
        var names = new JsonArray(ids.stream().map(String::valueOf).toList());
        return connection.preparedQuery(TELL).execute(Tuple.of(names)).mapEmpty();
    }
}
